import { describe, expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import { parseSources } from '../../lib/core/source.ts';
import * as all from '../../lib/providers/index.ts';
import { factsOf } from '../../scripts/provider-docs/provider-facts.ts';
import { providerPage } from '../../scripts/provider-docs/provider-page.ts';
import { full, signed, token } from '../core/source/own-provider.ts';

/** The chapters of a page by their titles, the rows of its tables by what stands first in them. */
interface Page {
  readonly chapters: Readonly<Record<string, string>>;
  readonly rows: Readonly<Record<string, string>>;
}

async function pageOf(provider: Provider): Promise<Page> {
  const text = providerPage(await factsOf(provider, 'exported'));
  const chapters = text.split(/^## /m).map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end).trim()] as const;
  });
  const rows = [...text.matchAll(/^\| (.*?) \| (.*) \|$/gm)].map(
    ([, first = '', rest = '']) => [first, rest] as const,
  );
  return { chapters: Object.fromEntries(chapters), rows: Object.fromEntries(rows) };
}

const COVERED = 'What the signature covers, and what not';

describe('what the signature covers', () => {
  test('of GitHub: the body alone; the id and the event’s name can be changed', async () => {
    const { rows, chapters } = await pageOf(all.github);
    expect(rows).toMatchObject({
      body: 'yes, every byte',
      URL: 'no',
      method: 'no',
      'time of sending': 'no',
      'id of the event': 'no: `{header:x-github-delivery}`',
      'its type': 'in part: not from `{header:x-github-event}`',
      'its resource': 'yes',
    });
    expect(chapters[COVERED]).toMatch(/Sent again as it is\*\*: accepted at any time/);
    expect(chapters[COVERED]).toMatch(/Under another id\*\*: recognised by its body, whatever its type/);
    expect(chapters[COVERED]).toMatch(/exempt.*`workflow_dispatch`/);
    expect(chapters[COVERED]).toMatch(/As another type\*\*: .* \d+ rules say/);
    expect(chapters[COVERED]).toMatch(/To another source/);
  });

  test('of Stripe: all of the event, and the time', async () => {
    const { rows, chapters } = await pageOf(all.stripe);
    expect(rows).toMatchObject({ 'time of sending': 'yes', 'id of the event': 'yes', 'its type': 'yes' });
    expect(chapters[COVERED]).toMatch(/dropped as a duplicate within 5 minutes, and refused with 401/);
    expect(chapters[COVERED]).not.toMatch(/Under another id|As another type/);
  });

  test('of Standard Webhooks: also the id, which lies in a header', async () => {
    expect((await pageOf(all.standardWebhooks)).rows['id of the event']).toBe('yes');
  });

  test('of Adyen: some fields, and so not the time of an event', async () => {
    const { rows, chapters } = await pageOf(all.adyen);
    expect(rows.body).toMatch(/^only `notificationItems\.\*\.NotificationRequestItem\.pspReference`, /);
    expect(rows).toMatchObject({
      'id of the event': 'yes',
      'its time': 'no: `{body:notificationItems.0.NotificationRequestItem.eventDate}`',
    });
    expect(chapters[COVERED]).toMatch(/With other unsigned fields/);
  });

  test('of PayPal and Twilio: less than it seems', async () => {
    const paypal = await pageOf(all.paypal);
    expect(paypal.rows['id of the event']).toBe('as far as the body is');
    expect(paypal.chapters[COVERED]).toMatch(/only the CRC-32 is signed/);
    expect((await pageOf(all.twilio)).chapters[COVERED]).toMatch(/shift the borders/);
  });

  test('of HubSpot: URL and method too, so no other source takes it', async () => {
    const { rows, chapters } = await pageOf(all.hubspot);
    expect(rows).toMatchObject({ URL: 'yes', method: 'yes' });
    expect(chapters[COVERED]).not.toMatch(/To another source/);
  });

  test('of GitLab: it depends on the proof; a token covers nothing', async () => {
    const { rows, chapters } = await pageOf(all.gitlab);
    expect(rows['part of the request']).toBe('signature in `webhook-signature` | token in `x-gitlab-token`');
    expect(rows['id of the event']).toBe('yes | no');
    expect(chapters[COVERED]).toMatch(
      /By the token in `x-gitlab-token`:\n\n- The request carries the secret/,
    );
  });
});

describe('the events', () => {
  test('that differ in one word alone share a row', async () => {
    const { rows } = await pageOf(all.github);
    expect(rows['`team` or `team_add`']).toBe('`team/{body:team.id}` |  | ');
    expect(rows['`push`']).toMatch(/`\{body:repository\.pushed_at\}` \(in seconds\)/);
  });

  test('are told by what they have in common, and where one has nothing, a dash', async () => {
    const { rows, chapters } = await pageOf(all.slack);
    expect(chapters.Events).toMatch(/\*\*time\*\*: `\{body:event_time\}` \(in seconds\), if the table says/);
    expect(rows['there is `{body:command}` and there is no `{body:type}`']).toMatch(/ – /);
  });
});

describe('the secret', () => {
  test('has a `verify` where a verify token guards a handshake, and only there', async () => {
    const verifyToken = '{query:hub.verify_token}';
    const own: Provider = {
      ...all.github,
      handshakes: [
        { method: 'GET', guard: { verifyToken }, answer: { status: 200, text: '{query:hub.challenge}' } },
      ],
    };
    const { chapters } = await pageOf(own);
    expect(chapters.Secret).toMatch(/"verify": "…"/);
    expect(chapters.Handshakes).toBe(
      'Answered at once, and never published:\n\n- `GET`, if `{query:hub.verify_token}` is the stored `verify`: 200 with the text `{query:hub.challenge}`.',
    );
    expect((await pageOf(all.github)).chapters.Secret).not.toMatch(/verify/);
  });

  test('is in the form that its key has', async () => {
    expect((await pageOf(all.discord)).chapters.Secret).toMatch(/the provider’s public key, in hex\./);
    expect((await pageOf(all.gitlab)).chapters.Secret).toMatch(
      /a shared secret, in base64 behind `whsec_` or the token itself/,
    );
  });
});

test.each([
  ['retried', { retries: { spanSeconds: 600 }, clientErrors: 'retried' }, 'sends it again, as after 503'],
  ['dropped', { retries: { spanSeconds: 600 }, clientErrors: 'dropped' }, 'never sends it again by itself'],
  ['not known', { retries: { spanSeconds: 600 } }, 'not known: it may be lost'],
  ['not retried at all', { retries: 'none' }, 'never sends it again by itself'],
] as const)('a 4xx that is %s is told so', async (_, habits, told) => {
  const { rows } = await pageOf({ ...all.stripe, delivery: { timeoutMs: 1_000, ...habits } });
  expect(rows['401']).toBe(`it is not proved | ${told}`);
});

test('an event without an id is published again whenever it comes again', async () => {
  const own: Provider = { ...all.stripe, idCoverage: 'unsigned', events: [{ type: 'changed' }] };
  const { chapters } = await pageOf(own);
  expect(chapters['Dedup key']).toMatch(/^None/);
  expect(chapters[COVERED]).toMatch(/published again, for 5 minutes/);
});

test('a user’s own value has a page too', async () => {
  for (const own of [signed, token, full]) {
    const [source] = parseSources({ own: { provider: own } });
    const { title, ...rest } = source?.provider ?? all.github;
    const { chapters } = await pageOf({ title, ...rest });
    expect(chapters.Answers).toContain(`what ${title} does then`);
    expect(Object.keys(chapters)).toEqual(expect.arrayContaining(['Secret', 'Events', 'Limits', COVERED]));
  }
});

test('nothing that a value says becomes markup', async () => {
  const own: Provider = { ...all.stripe, setup: ['Use <b> and *.x.*, `<kept>` and _y_ as they are.'] };
  expect((await pageOf(own)).chapters['Set-up']).toMatch(
    /Use \\<b> and \\\*\.x\.\\\*, `<kept>` and \\_y_ as/,
  );
});
