import type { Provider } from '../core/provider.ts';
import { bodyMac } from './body-mac.ts';
import { jiraEvents } from './jira-events.ts';

/** Admin webhooks of Jira Cloud, and of Data Center, with a secret. Apps' webhooks are not signed so: see jira-oauth and atlassian-connect. */
export const jira: Provider = {
  name: 'jira',
  title: 'Jira',
  docs: ['https://developer.atlassian.com/cloud/jira/platform/webhooks/'],
  // Named like GitHub's SHA-1, but the method is in the value: only sha256 is taken.
  scheme: bodyMac({ header: 'x-hub-signature', assign: '=' }, { label: 'sha256' }),
  events: jiraEvents,
  // The identifier, which retries keep, is not signed.
  idCoverage: 'unsigned',
  delivery: {
    timeoutMs: 10_000,
    retries: { spanSeconds: 4_500 },
    clientErrors: 'dropped',
    disabling:
      'After some half an hour of failures Jira tries each webhook once only; a delivery that is accepted ends that.',
  },
  setup: [
    'Jira settings → System → WebHooks → Create a WebHook: the URL, the events, and a random secret of at least 32 characters that you store here too. Without a secret nothing is signed, and all of it is refused.',
    'Leave "Exclude body" off: without a body no event can be told from another.',
    'Two webhooks that cover one change send two events: give each a source of its own.',
    'The fallout of a large change (the comments of an issue that was deleted) may come a quarter of an hour later.',
  ],
  unverified: [
    'How long Jira waits for an answer: 10 seconds are taken.',
    'The order of events: only the time of a resource’s last change orders its states.',
    'Whether Data Center sends the identifier: without one the text of an event, which has a time in milliseconds, is its id.',
  ],
};
