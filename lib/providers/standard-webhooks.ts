import type { EventShape, HeaderFamily, Provider, SignatureScheme } from '../core/provider.ts';

/** The three headers of one brand. They are used together or not at all. */
export function standardHeaders(brand: string): HeaderFamily {
  return {
    signature: { header: `${brand}-signature`, separator: ' ', assign: ',' },
    timestamp: { header: `${brand}-timestamp` },
    id: `${brand}-id`,
  };
}

/** What every sender of the standard has in common. */
export const standardScheme: Omit<SignatureScheme, 'families'> = {
  kind: 'signature',
  signed: '{id}.{timestamp}.{body}',
  versions: [
    {
      label: 'v1',
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      key: { encoding: 'base64', prefix: { text: 'whsec_', presence: 'optional' } },
    },
    {
      label: 'v1a',
      algorithm: 'ed25519',
      encoding: 'base64',
      key: { encoding: 'base64', prefix: { text: 'whpk_', presence: 'required' } },
    },
  ],
  // The time is that of the attempt, signed anew for each retry.
  timestamp: { unit: 's', toleranceSeconds: 300 },
};

/** The recommended body. None of its fields is required, so an event without a type is a `message`. */
export const standardEvent: EventShape = {
  id: '{header:webhook-id}',
  type: ['{body:type}', 'message'],
  subject: '{body:data.id}',
  time: { at: '{body:timestamp}', unit: 'iso' },
  version: { at: '{body:timestamp}', unit: 'iso' },
};

/**
 * Any sender that follows the specification; one that puts its fields elsewhere is `{ ...standardWebhooks, name, events }`.
 *
 * Left open by the specification, hence read the safe way:
 * - the body: only a `data.id` makes a resource, and only a `timestamp` orders its states;
 * - time limit and retries are the sender's: the shorter limit that is suggested, and the example's schedule;
 * - keys shorter than the 24 bytes it asks for are in use; an empty one is refused.
 */
export const standardWebhooks: Provider = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: ['https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md'],
  scheme: { ...standardScheme, families: [standardHeaders('webhook')] },
  events: [standardEvent],
  idCoverage: 'signed',
  delivery: { timeoutMs: 15_000, retries: { spanSeconds: 272_105 } },
  setup: [
    'Store the signing secret as the sender shows it: whsec_… (shared) or whpk_… (public key). During a rotation store both, the new one first.',
    'A sender that uses the secret as text, not as base64, needs a provider value of its own: `{ ...standardWebhooks, … }` with key encoding utf8.',
    'Resources are told apart by data.id: where two kinds share ids, or the body is built otherwise, give the value events of your own.',
    'Senders retry for about 3 days, with a new timestamp each time.',
  ],
};
