import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { command, type Ended } from './command.ts';

/** Somebody else's receiver: it writes down what comes, and answers what it was told to. */
let server: Server;
let url: string;
let folder: string;
let answers: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }[];
let calls: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }[];

const secrets = {
  github: { signing: ['github-secret-1', 'github-secret-0'] },
  stripe: { signing: ['whsec_stripe'] },
  notary: { signing: ['00'.repeat(32)] },
  status: { signing: ['a-token-that-is-the-secret'] },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-send-'));
  await writeFile(join(folder, 'secrets.json'), JSON.stringify(secrets));
  server = createServer(async (request, response) => {
    calls.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) });
    const { status, headers, body } = answers.shift() ?? { status: 200 };
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answers = [];
  calls = [];
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const headgate = (...words: readonly string[]): Promise<Ended> =>
  command('bin/headgate.ts', ...words, '--data', folder).ended;

describe('headgate send', () => {
  test('sends the exact bytes of a file, signed with the newest secret, to a URL that is deployed', async () => {
    const file = join(folder, 'body.json');
    await writeFile(file, '{ "zen": "äöü",\r\n "hook_id": 12345678901234567890 }');
    const { code, output } = await headgate(
      'send',
      'github',
      'ping',
      '--body',
      file,
      '--url',
      `${url}/hooks/gh?a=b`,
    );
    expect(code).toBe(0);
    const [call] = calls;
    expect(call?.path).toBe('/hooks/gh?a=b');
    expect(call?.body).toEqual(await readFile(file));
    const mac = createHmac('sha256', 'github-secret-1')
      .update(call?.body ?? '')
      .digest('hex');
    expect(call?.headers).toMatchObject({ 'x-hub-signature-256': `sha256=${mac}`, 'x-github-event': 'ping' });
    expect(output).toContain(`x-hub-signature-256: sha256=${mac.slice(0, 6)}…\n`);
    expect(output).toMatch(/\n200 OK in \d+ ms, no body\n$/);
  });

  test('sends the very same delivery again, to the source’s path when the URL has none', async () => {
    expect(await headgate('send', 'stripe', '--repeat', '2', '--url', url)).toMatchObject({ code: 0 });
    expect(calls.map(({ path }) => path)).toEqual(['/stripe', '/stripe']);
    expect(calls[1]?.body).toEqual(calls[0]?.body);
    expect(calls[1]?.headers['stripe-signature']).toBe(calls[0]?.headers['stripe-signature']);
  });

  test('takes a refusal for a failure, and an acceptance too when the delivery was tampered with', async () => {
    answers = [{ status: 401, body: '{"reason":"wrong-signature"}' }, { status: 200 }];
    const refused = await headgate('send', 'github', '--url', url);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(
      /\n401 Unauthorized in \d+ ms, \{"reason":"wrong-signature"\}\nThe receiver has another secret/,
    );
    const accepted = await headgate('send', 'github', '--tamper', '--url', url);
    expect(accepted).toMatchObject({ code: 1, output: expect.stringMatching(/It was accepted although/) });
  });

  test('follows no redirect, and shows an answer without letting it steer the terminal', async () => {
    answers = [{ status: 302, headers: { location: `${url}/elsewhere` }, body: '\u001b[2J' }];
    const { code, output } = await headgate('send', 'github', '--url', url);
    expect(code).toBe(1);
    expect(calls).toHaveLength(1);
    expect(output).toMatch(/302 Found in \d+ ms, \\u\{1b\}\[2J\n/);
  });

  test('never shows a token, which is the secret itself', async () => {
    const own = ['--sources', 'examples/own-provider.ts', '--url', url] as const;
    const { output } = await headgate('send', 'status', ...own);
    expect(calls[0]?.headers.authorization).toBe('Bearer a-token-that-is-the-secret');
    expect(output).toContain('\nauthorization: Bearer …\n');
    expect(output).not.toContain('a-tok');
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'an unknown source',
      ['gitub'],
      /^There is no source gitub\. There are: github, stripe, standard-webhooks\.\n$/,
    ],
    [
      'an unknown type',
      ['github', 'nothing'],
      /^There is no sample of the type nothing\. Of GitHub there are: issues\.opened, /,
    ],
    [
      'a secret that is missing',
      ['standard-webhooks'],
      /^.*secrets\.json holds nothing that signs for standard-webhooks\. Put it there/,
    ],
    [
      'a public key without its private one',
      ['notary', '--sources', 'examples/own-provider.ts'],
      /holds nothing that signs for notary\. Put it there, .*"signer": "the private key"/,
    ],
    [
      'a body that is not there',
      ['github', 'push', '--body', 'none.json'],
      /^The body's file none\.json cannot be read \(ENOENT\)/,
    ],
  ])('says what to do about %s', async (_, words, expected) => {
    const { code, output, errors } = await headgate('send', ...words, '--url', 'http://127.0.0.1:9');
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(expected);
    expect(errors).toMatch(/^[^\n]+\n$/);
  });

  test('says where nothing listens, and when no receiver is known', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const nobody = await headgate('send', 'github', '--url', `http://127.0.0.1:${port}`);
    expect(nobody).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^Nothing listens at http.*npm start/),
    });
    const unknown = await headgate('send', 'github');
    expect(unknown).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^No receiver is running with the data folder/),
    });
  });
});

describe('headgate sources', () => {
  test('shows what is configured, and what a 5xx means where nobody retries', async () => {
    const { code, output } = await headgate('sources');
    expect(code).toBe(0);
    expect(output).toMatch(
      /^github {2}GitHub\n {2}url +\/github\n {2}proof +HMAC-SHA256 of \{body\}, in x-hub-signature-256; no signed time\n/,
    );
    expect(output).toMatch(/ {2}id +not signed: .*repeatof/);
    expect(output).toMatch(
      / {2}retries +none, also not after our 5xx\. GitHub never sends .* Recent Deliveries/,
    );
    expect(output).toMatch(
      /\nstripe {2}Stripe\n[^#]* {2}time limit +10 s to answer\n {2}size +no limit known; taken: .*\n {2}retries +for 3 days, also after our 4xx or 5xx\n {2}disabling +Stripe writes a mail/,
    );
    expect(output).toMatch(/ {4}1\. Make up a random secret/);
  });

  test('shows one source, with all that was changed for it', async () => {
    const sources = join(folder, 'sources.ts');
    const lib = join(import.meta.dirname, '../../lib/index.ts');
    await writeFile(
      sources,
      `import { github, slack } from ${JSON.stringify(lib)};
       export default { github: { provider: github }, chat: { provider: slack, path: ['/chat', '/chat-2'], events: ['message'], redact: ['token'], toleranceSeconds: 60 } };`,
    );
    const { output } = await headgate('sources', 'chat', '--sources', sources);
    expect(output).not.toContain('GitHub');
    expect(output).toMatch(/url +\/chat {2}\/chat-2\n/);
    expect(output).toMatch(/signed time within 60 s/);
    expect(output).toMatch(/events +message\n {2}redacted +token\n/);
  });

  test('shows whose API is asked, and what to store for it', async () => {
    const sources = join(folder, 'reconciled.ts');
    const lib = join(import.meta.dirname, '../../lib/index.ts');
    await writeFile(
      sources,
      `import { slack } from ${JSON.stringify(lib)};
       const api = { auth: [{ kind: 'basic' }], rate: { perSecond: 1, burst: 1 } };
       export default { chat: { provider: { ...slack, api }, reconcile: 'when-unsure', api: { baseUrl: 'https://chat.example' } } };`,
    );
    const { output } = await headgate('sources', '--sources', sources);
    expect(output).toContain(
      'reconcile   when-unsure, by https://chat.example; in the stored secret "api" is "user:password"\n',
    );
  });
});

test('npx headgate, the committed launcher, runs it', async () => {
  const { code, output } = await command('scripts/headgate.js', '--version').ended;
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'));
  expect({ code, output }).toEqual({ code: 0, output: `${version}\n` });
});
