import { createHmac } from 'node:crypto';
import type { EpochMs } from '../../../lib/core/request.ts';
import type { TrueEvent } from './events.ts';
import type { Kind } from './kinds.ts';

/** What a provider sends at once: an event, or a batch of them. */
export interface Delivery {
  readonly kind: Kind;
  /** Of its first event. */
  readonly name: string;
  readonly events: readonly [TrueEvent, ...TrueEvent[]];
}

interface Headers {
  readonly [name: string]: string;
}

export interface HttpRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface Signing {
  readonly secret: string;
  readonly at: EpochMs;
  /** Counted in the body by some: it differs between two copies. */
  readonly attempt: number;
}

/** The request of one attempt, signed anew; by node:crypto, not by our code. */
export function requestOf(delivery: Delivery, signing: Signing): HttpRequest {
  const { kind, events } = delivery;
  const [first] = events;
  const head = { 'content-type': 'application/json', 'user-agent': `${kind.name}/1.0` };
  const path = `/${kind.name}`;
  switch (kind.name) {
    case 'clock': {
      const body = bytes(first.payload);
      const ids = { 'clock-delivery': first.id, 'clock-event': first.type };
      return { path, body, headers: { ...head, ...ids, 'clock-signature': mac(signing.secret, body) } };
    }
    case 'batch': {
      const items = events.map(({ payload }) => ({ ...payload, attempt: signing.attempt }));
      return { path, body: bytes(items), headers: { ...head, 'batch-token': signing.secret } };
    }
    default: {
      const body = bytes({ ...first.payload, attempt: signing.attempt });
      const seconds = String(Math.floor(signing.at / 1000));
      return {
        path,
        body,
        headers: {
          ...head,
          [`${kind.name}-timestamp`]: seconds,
          [`${kind.name}-signature`]: mac(signing.secret, `${seconds}.`, body),
        },
      };
    }
  }
}

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function mac(secret: string, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
