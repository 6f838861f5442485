import type {
  EventShape,
  HeaderFamily,
  KeyFormat,
  Provider,
  SignatureScheme,
  SignatureVersion,
} from '../core/provider.ts';

/** The three headers of one brand. They are used together or not at all. */
export function standardHeaders(brand: string): HeaderFamily {
  return {
    signature: { header: `${brand}-signature`, separator: ' ', assign: ',' },
    timestamp: { header: `${brand}-timestamp` },
    id: `${brand}-id`,
  };
}

function sharedSecret(key: KeyFormat): SignatureVersion {
  return { label: 'v1', algorithm: 'hmac-sha256', encoding: 'base64', key };
}

/** What every sender of the standard has in common. */
export const standardScheme: Omit<SignatureScheme, 'families'> = {
  kind: 'signature',
  signed: '{id}.{timestamp}.{body}',
  versions: [
    sharedSecret({ encoding: 'base64', prefix: { text: 'whsec_', presence: 'optional' } }),
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

/**
 * One sender of the standard that signs with shared secrets alone.
 * @param key by default `whsec_…` as it is issued: without that, nobody could tell base64 from text.
 */
export function standardSender(
  brand: string,
  key: KeyFormat = { encoding: 'base64', prefix: { text: 'whsec_', presence: 'required' } },
): SignatureScheme {
  return { ...standardScheme, families: [standardHeaders(brand)], versions: [sharedSecret(key)] };
}

/** The recommended body. None of its fields is required, so an event without a type is a `message`. */
export const standardEvent: EventShape = {
  id: '{header:webhook-id}',
  type: ['{body:type}', 'message'],
  time: { at: '{body:timestamp}', unit: 'iso' },
};

/**
 * Any sender that follows the specification; one that puts its fields elsewhere is `{ ...standardWebhooks, name, events }`.
 * An id in `data` does not say of what, and two kinds may share one, so an event is about no resource.
 */
export const standardWebhooks: Provider = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: ['https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md'],
  scheme: { ...standardScheme, families: [standardHeaders('webhook')] },
  events: [standardEvent],
  idCoverage: 'signed',
  delivery: {
    timeoutMs: 15_000,
    retries: { spanSeconds: 272_105 },
    clientErrors: 'retried',
    disabling: 'A sender is asked to disable an endpoint that answers 410, which Headgate never does.',
  },
  setup: [
    'Store the signing secret as the sender shows it: whsec_… (shared) or whpk_… (public key). During a rotation store both, the new one first.',
    'A sender that uses the secret as text, not as base64, needs a provider value of its own: `{ ...standardWebhooks, … }` with key encoding utf8.',
    'To put the states of a resource in order, say which events are about it: `{ ...standardWebhooks, name, events }` with a subject that names the kind (users/{body:data.id}), and {body:timestamp} as version.',
  ],
  unverified: [
    'The specification leaves time limit and retries to the sender: the shorter limit that it suggests is kept, and the schedule of its example.',
    'It asks for keys of at least 24 bytes, but shorter ones are in use and taken; an empty one is refused.',
  ],
};
