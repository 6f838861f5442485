import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudEvent } from 'cloudevents';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { command, type Ended, type Running } from './command.ts';

let folder: string;
const started: Running[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-local-'));
});
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map(({ ended }) => ended));
});
afterAll(() => rm(folder, { recursive: true }));

const data = (name: string): string => join(folder, name);

/** Starts the receiver on any free port, and waits until it is ready. */
async function start(name: string, ...more: readonly string[]): Promise<Running> {
  const running = command('bin/local.ts', '--port', '0', '--data', data(name), ...more);
  started.push(running);
  await running.says(/^ {2}try /m);
  return running;
}

const send = (name: string, ...words: readonly string[]): Promise<Ended> =>
  command('bin/headgate.ts', 'send', ...words, '--data', data(name)).ended;

async function outbox(path: string, lines: number): Promise<CloudEvent<unknown>[]> {
  const read = async (): Promise<string[]> => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const texts = await vi.waitUntil(async () => ((await read()).length >= lines ? read() : undefined), 25_000);
  return texts.map((text) => new CloudEvent(JSON.parse(text)));
}

/** One Stripe event: its id is in the body, so the file can be sent again and again. */
async function stripeEvent(id: string): Promise<string> {
  const file = data(`${id}.json`);
  const object = { id: 'pi_1', object: 'payment_intent', amount: 2000 };
  const event = {
    id,
    object: 'event',
    type: 'payment_intent.succeeded',
    created: 1795520032,
    data: { object },
  };
  await writeFile(file, JSON.stringify(event, undefined, 2));
  return file;
}

describe('npm start', () => {
  test('shows how a delivery becomes a CloudEvent, its copy a duplicate, and a changed one a refusal', async () => {
    const receiver = await start('first');
    const output = await receiver.says(/ready/);
    for (const source of ['github', 'stripe', 'standard-webhooks'])
      expect(output).toMatch(new RegExp(` ${source} +http://127\\.0\\.0\\.1:\\d+/${source}\n`));

    const sent = await send('first', 'github', 'issues.opened', '--repeat', '2');
    expect(sent).toMatchObject({ code: 0, errors: '' });
    expect(sent.output).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/github\n/);
    expect(sent.output).toMatch(/\nx-hub-signature-256: sha256=[0-9a-f]{6}…\n/);
    expect(sent.output).toMatch(
      /\n200 OK in \d+ ms, no body \(1 of 2\)\n200 OK in \d+ ms, no body \(2 of 2\)\n$/,
    );
    const id = /x-github-delivery: (\S+)/.exec(sent.output)?.[1];
    await receiver.says(
      new RegExp(`github +published +issues\\.opened ${id}: the newest state of issue/\\d+; `),
    );
    await receiver.says(new RegExp(`github +duplicate +issues\\.opened ${id}: published before`));

    const forged = await send('first', 'github', '--tamper');
    expect(forged).toMatchObject({ code: 0, errors: '' });
    expect(forged.output).toContain('One byte of the body was changed after signing.');
    expect(forged.output).toMatch(/\n401 Unauthorized in \d+ ms, \{"reason":"wrong-signature"\}\n$/);
    await receiver.says(/github +refused +wrong-signature \(401\): made with another secret/);

    const events = await outbox(data('first/outbox.jsonl'), 1);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      id,
      type: 'github.issues.opened',
      source: 'urn:headgate:local:github',
    });
    expect(events[0]?.data).toMatchObject({ payload: { action: 'opened' } });

    // npm passes on the Ctrl-C that the terminal has sent already.
    for (const signal of ['SIGINT', 'SIGINT'] as const) receiver.child.kill(signal);
    expect(await receiver.ended).toMatchObject({ code: 0, errors: '' });
    const { signing } = JSON.parse(await readFile(data('first/secrets.json'), 'utf8')).github;
    expect(output + sent.output + forged.output).not.toContain(signing[0]);
  });

  test('remembers after kill -9 what it has published', async () => {
    const body = await stripeEvent('evt_1');
    const file = data('events.jsonl');
    const killed = await start('kept', '--fifo', '--outbox', file);
    await send('kept', 'stripe', '--body', body);
    await outbox(file, 1);
    await killed.says(/stripe +published +payment_intent\.succeeded evt_1/);
    killed.child.kill('SIGKILL');
    await killed.ended;

    const again = await start('kept', '--fifo', '--outbox', file);
    expect(await again.says(/secrets/)).not.toContain('new:');
    await send('kept', 'stripe', '--body', body);
    await again.says(/stripe +duplicate +payment_intent\.succeeded evt_1/);
    await send('kept', 'stripe', '--body', await stripeEvent('evt_2'));
    const events = await outbox(file, 2);
    expect(events.map(({ id }) => id)).toEqual(['evt_1', 'evt_2']);
  });

  test('signs for a public address, keeps private keys to the sender, and says which secret is missing', async () => {
    const sources = data('sources.ts');
    const lib = join(import.meta.dirname, '../../lib/index.ts');
    await writeFile(
      sources,
      `import { discord, github, twilio } from ${JSON.stringify(lib)};
       export default { twilio: { provider: twilio }, discord: { provider: discord }, github: { provider: github } };`,
    );
    const secrets = data('own-secrets.json');
    await writeFile(secrets, '{ "github": { "signing": [] } }');
    const where = ['--sources', sources, '--secrets', secrets] as const;
    const receiver = await start('tunnel', ...where, '--public-url', 'https://hooks.example.com/');
    const output = await receiver.says(/ready/);
    expect(output).toMatch(/twilio +https:\/\/hooks\.example\.com\/twilio\n/);
    expect(output).toMatch(/tunnel +must lead to http:\/\/127\.0\.0\.1:\d+\n/);
    expect(output).toContain('(new: twilio, discord)');
    await receiver.says(/No secret for github: all that comes there is answered 503\./);

    for (const name of ['twilio', 'discord'])
      expect(await send('tunnel', name, ...where)).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(secrets, 'utf8'))).toMatchObject({
      github: { signing: [] },
      discord: { signing: [expect.any(String)], signer: expect.any(String) },
    });
    expect((await stat(secrets)).mode & 0o777).toBe(0o600);
    expect((await stat(data('tunnel'))).mode & 0o777).toBe(0o700);
  });

  test('in set-up stores the secret that a set-up request brings, signs with it, and never shows it', async () => {
    const sources = data('setup-sources.ts');
    const lib = join(import.meta.dirname, '../../lib/index.ts');
    await writeFile(
      sources,
      `import { asana } from ${JSON.stringify(lib)};
       export default { asana: { provider: asana, setup: 'install-secret' } };`,
    );
    const receiver = await start('setup', '--sources', sources);
    const ready = await receiver.says(/In set-up: asana\./);
    const [, url = ''] = / asana +(http:\S+)\n/.exec(ready) ?? [];
    const stored = async (): Promise<unknown> =>
      JSON.parse(await readFile(data('setup/secrets.json'), 'utf8'));
    expect(await stored()).toEqual({ asana: {} });

    const bring = (secret: string): Promise<Response> =>
      fetch(url, { method: 'POST', headers: { 'x-hook-secret': secret }, body: '{}' });
    const secret = 'b537207f20cbfa02357cf448134da559';
    const answer = await bring(secret);
    expect([answer.status, answer.headers.get('x-hook-secret')]).toEqual([200, secret]);
    await receiver.says(/asana +installed +.*take setup out of the source now/);
    expect(await stored()).toEqual({ asana: { signing: [secret] } });
    expect((await stat(data('setup/secrets.json'))).mode & 0o777).toBe(0o600);

    expect(await send('setup', 'asana', '--sources', sources)).toMatchObject({ code: 0, errors: '' });
    await receiver.says(/asana +accepted/);
    expect((await bring('00000000000000000000000000000000')).status).toBe(401);
    const output = await receiver.says(
      /asana +refused +wrong-signature \(401\): a set-up request brings a secret/,
    );
    expect(output).not.toContain(secret);
    expect(await stored()).toEqual({ asana: { signing: [secret] } });
  });
});

describe('what cannot be started ends with one line, and code 1', () => {
  async function refused(name: string, ...words: readonly string[]): Promise<string> {
    const { code, output, errors } = await command('bin/local.ts', '--data', data(name), ...words).ended;
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^[^\n]+\n$/);
    return errors;
  }

  async function file(name: string, text: string): Promise<string> {
    await writeFile(data(name), text);
    return data(name);
  }

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const said = await refused('port', '--port', String(port));
    server.close();
    expect(said).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use\. Stop the program .* or choose another port/);
  });

  test('a data folder that another receiver uses', async () => {
    await start('shared');
    expect(await refused('shared', '--port', '0')).toMatch(/^Data folder .*: Another process uses it\. Stop/);
  });

  test('a data folder that is a file, or damaged', async () => {
    await file('a-file', '');
    expect(await refused('a-file')).toMatch(/^Data folder .*: It cannot be written\. Check the path/);
    const receiver = await start('damaged');
    receiver.child.kill('SIGKILL');
    await receiver.ended;
    await file('damaged/cloud/dynamodb/CURRENT', 'not a manifest');
    expect(await refused('damaged', '--port', '0')).toMatch(/^Data folder .*: It is damaged\. Move it away/);
  });

  test('a sources file that is not there, cannot be read, or is wrong', async () => {
    expect(await refused('sources', '--sources', data('none.ts'))).toMatch(
      /^There is no sources file .* --sources/,
    );
    const broken = await file('broken.ts', 'export default {\n  github: = 1,\n};\n');
    expect(await refused('sources', '--sources', broken)).toMatch(
      /^The sources file .*broken\.ts cannot be loaded: .*\(.*broken\.ts:2\)\. Correct it\.\n/,
    );
    const wrong = await file('wrong.ts', "export default { 'My App': { provider: {} } };");
    const { code, errors } = await command('bin/local.ts', '--data', data('sources'), '--sources', wrong)
      .ended;
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^.*wrong\.ts: The sources have \d+ problems:\n(- sources\["My App"\].*; allowed: .*\n)+$/,
    );
  });

  test('a secrets file that is no JSON, or holds something else', async () => {
    const secret = 'whsec_never-shown';
    const broken = await file('broken.json', `{ "github": "${secret}`);
    const odd = await file('odd.json', `{ "github": { "signing": 5, "api": "${secret}" } }`);
    const said = [await refused('secrets', '--secrets', broken), await refused('secrets', '--secrets', odd)];
    expect(said[0]).toMatch(
      /^Secrets file .*broken\.json is not a JSON object\. It must be JSON of the form/,
    );
    expect(said[1]).toMatch(
      /^Secrets file .*odd\.json, source github: "signing" of the stored secret is of type number/,
    );
    expect(said.join()).not.toContain(secret);
    expect(await readFile(odd, 'utf8')).toContain('"signing": 5, "api"');
  });

  test('an outbox that cannot be written', async () => {
    expect(await refused('outbox', '--port', '0', '--outbox', folder)).toMatch(
      /^Outbox file .* \(EISDIR\)\. Check/,
    );
  });

  test('an option that is wrong', async () => {
    expect(await refused('options', '--port', '70000')).toContain('a whole number from 0 to 65535');
  });
});

test('help comes without starting anything', async () => {
  const { code, output, errors } = await command('bin/local.ts', '--help').ended;
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  for (const flag of ['port', 'data', 'sources', 'secrets', 'outbox', 'public-url', 'fifo'])
    expect(output).toContain(`--${flag}`);
});
