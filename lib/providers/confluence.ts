import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';

/** Webhooks of Confluence Data Center, with a secret; in the Cloud only apps have some (atlassian-connect). Events name what changed. */
export const confluence: Provider = {
  name: 'confluence',
  title: 'Confluence Data Center',
  docs: [
    'https://confluence.atlassian.com/doc/managing-webhooks-1021225606.html',
    'https://developer.atlassian.com/server/confluence/webhooks/',
  ],
  scheme: bodyMac({ header: 'x-hub-signature', assign: '=' }, { label: 'sha256' }),
  events: [
    {
      id: '{digest}',
      // The test of a connection has none.
      type: ['{body:event}', 'test'],
      time: { at: '{body:timestamp}', unit: 'ms' },
    },
  ],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 10_000,
    retries: 'none',
    withoutRetries:
      'Do not count on Confluence to send a failed delivery again: read what changed meanwhile through its REST API.',
  },
  setup: [
    'Administration → General Configuration → Webhooks → Create webhook: the URL, the events, and a random secret of at least 32 characters that you store here too. Without a secret nothing is signed, and all of it is refused.',
    'Press "Test connection" after the secret is stored; before, it is refused.',
    'Events name a page, comment or space, and carry no state of it: read it through the REST API.',
  ],
  unverified: [
    'The form of the signature: sha256= and hex, as other products of Atlassian write it. Confluence’s pages name the header and HMAC-SHA256 only.',
    'Time limit and retries: 10 seconds are taken, and nothing is counted on.',
    'That the time in the body tells two equal changes apart: it is in milliseconds.',
  ],
};
