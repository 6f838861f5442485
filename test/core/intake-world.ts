import { createHmac } from 'node:crypto';
import {
  type Delivery,
  type DeliveryId,
  type DeliveryMessage,
  decodeDelivery,
} from '../../lib/core/delivery.ts';
import { InfrastructureError } from '../../lib/core/errors.ts';
import { type IntakePorts, ingest } from '../../lib/core/ingest.ts';
import type { IngestOutcome } from '../../lib/core/ingest-outcome.ts';
import { openInlet } from '../../lib/core/inlet.ts';
import type { Certificates, Confirmations, SecretInstaller } from '../../lib/core/ports.ts';
import type { Provider } from '../../lib/core/provider.ts';
import type { Request } from '../../lib/core/request.ts';
import type { SigningSecret, SourceSecrets } from '../../lib/core/secret.ts';
import type { Source } from '../../lib/core/source.ts';
import { plainProvider, requestOf, type Sent, sourceOf } from './intake-cases.ts';

export const SECRET = 'canary-secret-1';

/** Signs the body in `x-signature: sha256=<hex>`; the type lies in a header that is not signed. */
export function signingProvider(changes: Partial<Provider> = {}): Provider {
  return plainProvider({
    scheme: {
      kind: 'signature',
      families: [{ signature: { header: 'x-signature', assign: '=' } }],
      signed: '{body}',
      versions: [{ label: 'sha256', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    },
    events: [{ id: '{body:id}', type: '{header:x-type}' }],
    ...changes,
  });
}

/** Signed by node:crypto alone. */
export function signed(sent: Sent, secret: string = SECRET): Sent {
  const signature = createHmac('sha256', secret).update(sent.body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-type': 'thing.made', ...sent.headers };
  return { ...sent, headers: { ...headers, 'x-signature': `sha256=${signature}` } };
}

export function down(call: string): InfrastructureError {
  return new InfrastructureError(call, 'unavailable', { explanation: 'InternalFailure, HTTP 500' });
}

export function secretsOf(...texts: readonly string[]): SourceSecrets {
  return {
    signing: texts.map((text, index) => ({
      secret: text as SigningSecret,
      age: index === 0 ? 'newest' : 'older',
    })),
  };
}

/** For providers whose keys are no certificates. */
export const noCertificates: Certificates = {
  read: () => Promise.reject(new Error('no certificate is needed here')),
  roots: () => Promise.reject(new Error('no root is needed here')),
  keySet: () => Promise.reject(new Error('no key set is needed here')),
};

/** For sources that are not in set-up. */
export const noInstaller: SecretInstaller = {
  install: () => Promise.reject(new Error('no secret is to be installed here')),
};

/** For providers that take an answer for a yes. */
export const noConfirmations: Confirmations = {
  confirm: () => Promise.reject(new Error('no confirmation is needed here')),
};

export interface World extends IntakePorts {
  /** What was asked of the ports, in order. */
  readonly calls: string[];
  readonly sent: DeliveryMessage[];
  readonly stored: Map<string, Buffer>;
}

/** Ports in memory; a test replaces the ones that it breaks. */
export function world(broken: Partial<IntakePorts> = {}): World {
  const calls: string[] = [];
  const sent: DeliveryMessage[] = [];
  const stored = new Map<string, Buffer>();
  const ports: IntakePorts = {
    secrets: {
      read: async () => secretsOf(SECRET),
      refresh: async () => undefined,
      ...broken.secrets,
    },
    installer: { ...noInstaller, ...broken.installer },
    certificates: { ...noCertificates, ...broken.certificates },
    confirmations: { ...noConfirmations, ...broken.confirmations },
    queue: {
      send: async (message) => {
        await broken.queue?.send(message);
        sent.push(message);
      },
    },
    objects: {
      get: async () => Buffer.alloc(0),
      put: async (key, bytes) => {
        await broken.objects?.put(key, bytes);
        stored.set(key, bytes);
      },
    },
  };
  const told = <Args extends unknown[], T>(name: string, work: (...args: Args) => Promise<T>) => {
    return (...args: Args): Promise<T> => {
      calls.push(name);
      return work(...args);
    };
  };
  return {
    secrets: { read: told('read', ports.secrets.read), refresh: told('refresh', ports.secrets.refresh) },
    installer: { install: told('install', ports.installer.install) },
    certificates: ports.certificates,
    confirmations: { confirm: told('confirm', ports.confirmations.confirm) },
    queue: { send: told('send', ports.queue.send) },
    objects: { get: told('get', ports.objects.get), put: told('put', ports.objects.put) },
    calls,
    sent,
    stored,
  };
}

export interface Taken {
  readonly ports?: IntakePorts;
  readonly provider?: Provider;
  readonly options?: Partial<Source>;
  readonly request?: Partial<Request>;
}

/** What becomes of one request. */
export async function take(sent: Sent, taken: Taken = {}): Promise<IngestOutcome> {
  const source = sourceOf(taken.provider ?? signingProvider(), taken.options);
  return ingest({
    inlet: await openInlet(source),
    request: { ...requestOf(sent), ...taken.request },
    id: 'JKJaXmPLvHcESHA=' as DeliveryId,
    publicUrl: 'https://hooks.example.com',
    ports: taken.ports ?? world(),
  });
}

/** The one delivery that was queued. */
export function onlyDelivery({ sent }: World): Delivery {
  const [message, ...more] = sent;
  if (message === undefined || more.length > 0) throw new Error(`${sent.length} messages`);
  const decoded = decodeDelivery(message);
  if (decoded.kind !== 'delivery') throw new Error(JSON.stringify(decoded));
  return decoded.delivery;
}
