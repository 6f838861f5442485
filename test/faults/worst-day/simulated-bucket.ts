import { confirmed } from '../../../lib/aws/confirmed.ts';
import { withinLimit } from '../../../lib/aws/within-limit.ts';
import type { ObjectStore } from '../../../lib/core/ports.ts';
import type { Sandbox } from './sandbox.ts';
import { awsPatience, type CloudWorld, type SimulatedService, simulatedClient } from './simulated-client.ts';

/** A bucket. Its client is made where ours is loaded late, so the port itself is simulated, by the same steps. */
export interface SimulatedBucket extends SimulatedService {
  readonly objects: ReadonlyMap<string, Buffer>;
}

class PutObject {
  readonly input: { readonly key: string; readonly bytes: Buffer };
  constructor(key: string, bytes: Buffer) {
    this.input = { key, bytes };
  }
}

class GetObject {
  readonly input: { readonly key: string };
  constructor(key: string) {
    this.input = { key };
  }
}

type Input = Partial<PutObject['input']>;

export function simulatedBucket(): SimulatedBucket {
  const objects = new Map<string, Buffer>();
  return {
    name: 's3',
    objects,
    about: (_operation, input) => (input as Input).key ?? '',
    answer(operation, input) {
      const { key = '', bytes } = input as Input;
      if (operation === 'PutObject' && bytes !== undefined) return objects.set(key, bytes);
      const found = objects.get(key);
      if (found !== undefined) return found;
      throw Object.assign(new Error('NoSuchKey'), { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    },
  };
}

interface Client {
  send(command: PutObject | GetObject, within?: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

export function objectStore(
  world: CloudWorld,
  sandbox: Sandbox,
  bucket: SimulatedBucket,
  limitMs: number,
): ObjectStore {
  const client = simulatedClient<Client>(world, sandbox, bucket, awsPatience(limitMs));
  const call = (name: string, command: PutObject | GetObject): Promise<unknown> =>
    confirmed(
      name,
      withinLimit(limitMs, (within) => client.send(command, within)),
    );
  return {
    put: async (key, bytes) => void (await call('s3:PutObject', new PutObject(key, bytes))),
    get: async (key) => (await call('s3:GetObject', new GetObject(key))) as Buffer,
  };
}
