import { createHmac } from 'node:crypto';
import type { Headers } from '../lib/core/request.ts';

/** The sources that are measured, by the name they have in `bin/sources.ts`. */
export const SOURCES = ['github', 'stripe', 'standard-webhooks'] as const;
export type SourceId = (typeof SOURCES)[number];

const KEY = 'bWVhc3VyZWQsIG5vdCBrZXB0IHNlY3JldA==';

/** What is configured for each: an HMAC key in the provider's own form. */
export const SECRETS: Readonly<Record<SourceId, string>> = {
  github: KEY,
  stripe: `whsec_${KEY}`,
  'standard-webhooks': `whsec_${KEY}`,
};

/** The key of the HMAC itself: Standard Webhooks decodes what is written, the others take it as it is. */
export const HMAC_KEYS: Readonly<Record<SourceId, Buffer>> = {
  github: Buffer.from(SECRETS.github),
  stripe: Buffer.from(SECRETS.stripe),
  'standard-webhooks': Buffer.from(KEY, 'base64'),
};

export interface SignedDelivery {
  readonly headers: Headers;
  readonly body: string;
}

/**
 * A delivery as the provider sends it, signed with `node:crypto` alone.
 * @param told.event its id; the resource that it is about has the same.
 * @param told.bytes how long the body is at least; it is JSON of many small values, all ASCII.
 */
export function signedDelivery(
  source: SourceId,
  told: { readonly event: number; readonly bytes: number },
): SignedDelivery {
  const seconds = Math.floor(Date.now() / 1000);
  const more = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'Sender/1.0 (bench)' };
  const sign = (text: string, encoding: 'hex' | 'base64'): string =>
    createHmac('sha256', HMAC_KEYS[source]).update(text).digest(encoding);
  switch (source) {
    case 'github': {
      const issue = { id: told.event, updated_at: new Date(seconds * 1000).toISOString() };
      const body = filled({ action: 'edited', issue, repository: { id: 7 } }, told.bytes);
      const names = {
        'x-github-event': 'issues',
        'x-github-delivery': `delivery-${told.event}`,
        'x-github-hook-id': '1',
      };
      return { headers: { ...more, ...names, 'x-hub-signature-256': `sha256=${sign(body, 'hex')}` }, body };
    }
    case 'stripe': {
      const data = { object: { id: `cus_${told.event}`, object: 'customer' } };
      const body = filled(
        { id: `evt_${told.event}`, object: 'event', type: 'customer.updated', created: seconds, data },
        told.bytes,
      );
      const signature = `t=${seconds},v1=${sign(`${seconds}.${body}`, 'hex')}`;
      return { headers: { ...more, 'stripe-signature': signature }, body };
    }
    case 'standard-webhooks': {
      const id = `msg_${told.event}`;
      const timestamp = new Date(seconds * 1000).toISOString();
      const body = filled(
        { type: 'contact.updated', timestamp, data: { id: `contact_${told.event}` } },
        told.bytes,
      );
      const signature = `v1,${sign(`${id}.${seconds}.${body}`, 'base64')}`;
      return {
        headers: {
          ...more,
          'webhook-id': id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': signature,
        },
        body,
      };
    }
  }
}

function filled(event: object, bytes: number): string {
  const item = (number: number): object => ({
    id: 1_000_000_000 + number,
    path: `lib/part-${number}/file-${number}.ts`,
    state: number % 3 === 0 ? 'open' : 'closed',
    url: `https://api.example.com/repositories/7/files/${number}`,
  });
  const each = JSON.stringify(item(1000)).length + 1;
  const rest = bytes - JSON.stringify({ ...event, items: [] }).length;
  const items = Array.from({ length: Math.max(0, Math.ceil(rest / each)) }, (_, index) => item(1000 + index));
  return JSON.stringify({ ...event, items });
}
