import type { Inlet } from '../../../lib/core/inlet.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Sandbox } from './sandbox.ts';
import type { SimulatedBucket } from './simulated-bucket.ts';
import type { SimulatedService } from './simulated-client.ts';

export const QUEUE_URL = 'https://sqs/deliveries';
export const DEAD_LETTERS_URL = 'https://sqs/dead-letters';
export const BUCKET = 'receiver-objects';
export const TABLE = 'ledger';
export const URI = 'urn:headgate:simulated';

/** What the receiver's functions call. */
interface Services {
  readonly sqs: SimulatedService;
  readonly topic: SimulatedService;
  readonly table: SimulatedService;
  readonly secrets: SimulatedService;
  readonly bucket: SimulatedBucket;
  /** The providers' APIs, by their base URLs. */
  readonly apis: ReadonlyMap<string, SimulatedService>;
}

export interface ReceiverOptions {
  readonly inlets: readonly Inlet[];
  readonly services: Services;
  readonly topicKind: 'standard' | 'fifo';
  readonly retentionSeconds: number;
  readonly bug: PlantedBug;
  /** Sees what the processor writes. */
  readonly watch: (ledger: Ledger, sandbox: Sandbox) => Ledger;
}

export const asIs = <T>(port: T): T => port;
