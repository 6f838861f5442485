import { createHmac, generateKeyPairSync, sign as signOnce } from 'node:crypto';
import type { Headers } from '../lib/core/request.ts';

/** Those that sign by HMAC; they are measured. */
export const HMAC_SOURCES = ['github', 'stripe', 'standard-webhooks'] as const;
export type HmacSource = (typeof HMAC_SOURCES)[number];
/** A source of its provider's name. */
export type SourceId = HmacSource | 'sendgrid';

const KEY = 'bWVhc3VyZWQsIG5vdCBrZXB0IHNlY3JldA==';
const SENDGRID = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What is configured for each, in the provider's own form. */
export const SECRETS: Readonly<Record<SourceId, string>> = {
  github: KEY,
  stripe: `whsec_${KEY}`,
  'standard-webhooks': `whsec_${KEY}`,
  sendgrid: SENDGRID.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
};

/** The key of the HMAC itself: Standard Webhooks decodes what is written, the others take it as it is. */
export const HMAC_KEYS: Readonly<Record<HmacSource, Buffer>> = {
  github: Buffer.from(SECRETS.github),
  stripe: Buffer.from(SECRETS.stripe),
  'standard-webhooks': Buffer.from(KEY, 'base64'),
};

/** What a delivery is to tell of. */
export interface Told {
  /** The id of its event; the higher, the newer is the state that it tells of. */
  readonly event: number;
  /** The id of the resource; by default that of the event. */
  readonly resource?: number;
  /** How many events it holds, where the provider sends batches. By default one. */
  readonly batch?: number;
  /** How long the body is at least, by many small values, all ASCII. */
  readonly bytes?: number;
}

export interface SignedDelivery {
  readonly headers: Headers;
  readonly body: string;
}

/**
 * A delivery as the provider sends it, signed at this time with `node:crypto` alone.
 * @example signedDelivery('github', { event: 1, bytes: 2_000 }).headers['x-hub-signature-256'] // 'sha256=…'
 */
export function signedDelivery(source: SourceId, told: Told): SignedDelivery {
  const { headers, body } = DELIVERIES[source](told, Math.floor(Date.now() / 1000));
  const common = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'Sender/1.0' };
  return { headers: { ...common, ...headers }, body };
}

const DELIVERIES: Readonly<Record<SourceId, (told: Told, now: number) => SignedDelivery>> = {
  github: (told) => {
    const issue = { id: resourceOf(told), updated_at: stateTime(told).toISOString() };
    const body = filled({ action: 'edited', issue, repository: { id: 7 } }, told);
    const headers = {
      'x-github-event': 'issues',
      'x-github-delivery': `delivery-${told.event}`,
      'x-github-hook-id': '1',
      'x-hub-signature-256': `sha256=${hmac('github', body).toString('hex')}`,
    };
    return { headers, body };
  },
  stripe: (told, now) => {
    const data = { object: { id: `cus_${resourceOf(told)}`, object: 'customer' } };
    const created = stateTime(told).getTime() / 1000;
    const id = `evt_${told.event}`;
    const body = filled({ id, object: 'event', type: 'customer.updated', created, data }, told);
    const signature = hmac('stripe', `${now}.${body}`).toString('hex');
    return { headers: { 'stripe-signature': `t=${now},v1=${signature}` }, body };
  },
  'standard-webhooks': (told, now) => {
    const id = `msg_${told.event}`;
    const timestamp = stateTime(told).toISOString();
    const body = filled(
      { type: 'contact.updated', timestamp, data: { id: `contact_${resourceOf(told)}` } },
      told,
    );
    const signature = hmac('standard-webhooks', `${id}.${now}.${body}`).toString('base64');
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(now),
      'webhook-signature': `v1,${signature}`,
    };
    return { headers, body };
  },
  sendgrid: (told, now) => {
    const items = Array.from({ length: told.batch ?? 1 }, (_, index) => ({
      sg_event_id: `event-${told.event}-${index}`,
      sg_message_id: `message-${resourceOf(told)}-${index}`,
      email: 'hello@example.com',
      event: 'open',
      timestamp: stateTime(told).getTime() / 1000,
    }));
    const body = JSON.stringify(items);
    const signature = signOnce('sha256', Buffer.from(`${now}${body}`), SENDGRID.privateKey);
    const headers = {
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': String(now),
    };
    return { headers, body };
  },
};

function hmac(source: HmacSource, text: string): Buffer {
  return createHmac('sha256', HMAC_KEYS[source]).update(text).digest();
}

function resourceOf({ event, resource = event }: Told): number {
  return resource;
}

function stateTime({ event }: Told): Date {
  return new Date(Date.UTC(2026, 0, 1) + event * 1000);
}

function filled(event: object, { bytes = 0 }: Told): string {
  const item = (index: number): object => ({
    id: 1_000_000_000 + index,
    path: `lib/part-${1000 + index}/file-${1000 + index}.ts`,
    state: index % 3 === 0 ? 'open' : 'closed',
    url: `https://api.example.com/repositories/7/files/${1000 + index}`,
  });
  const each = JSON.stringify(item(1)).length + 1;
  const rest = bytes - JSON.stringify({ ...event, items: [] }).length;
  const items = Array.from({ length: Math.max(0, Math.ceil(rest / each)) }, (_, index) => item(index));
  return JSON.stringify({ ...event, items });
}
