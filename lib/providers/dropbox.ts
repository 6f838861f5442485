import type { Provider } from '../core/provider.ts';

/**
 * Webhooks of an app: in which accounts, or teams, something changed; not what. Two equal notifications are two changes, and nothing
 * in them is an id, so each delivery is one event. It is not split: accounts are listed, but teams are not.
 */
export const dropbox: Provider = {
  name: 'dropbox',
  title: 'Dropbox',
  docs: ['https://www.dropbox.com/developers/reference/webhooks'],
  scheme: {
    kind: 'signature',
    families: [{ signature: { header: 'x-dropbox-signature' } }],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
  },
  handshakes: [
    {
      method: 'GET',
      guard: 'none',
      when: [{ at: '{query:challenge}' }],
      answer: { status: 200, text: '{query:challenge}' },
    },
  ],
  events: [{ type: 'changed' }],
  idCoverage: 'unsigned',
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 600 },
    clientErrors: 'retried',
    disabling: 'A webhook whose notifications keep failing is shown as such in the App Console.',
  },
  setup: [
    'dropbox.com/developers/apps → your app → Settings → Webhooks → Webhook URIs. Store the App secret of the same page.',
    'The URL is asked for a challenge once, when it is added: deploy first.',
    'An event only names accounts (list_folder.accounts): ask /2/files/list_folder/continue with your own cursor of each for what changed.',
    'What came while nobody listened is not lost: the cursor is the backlog. So ask also after a longer outage, without an event.',
  ],
  unverified: [
    'Whether a webhook that keeps failing is switched off: the page only says that failures are reported in the App Console.',
    'Whether a new app secret signs at once: store it first, and keep the old one in the list for a day.',
  ],
};
