import type { DeliveryQueue, EventTopic, Ledger, ResourceReader } from '../../../lib/core/ports.ts';
import type { Reconcile } from '../../../lib/core/source.ts';
import type { Violation } from './stage.ts';

/** A mistake between the real code and the real adapters; what it leaves out is as it should be. */
export interface PlantedBug {
  readonly queue?: (queue: DeliveryQueue) => DeliveryQueue;
  readonly topic?: (topic: EventTopic, ledger: Ledger) => EventTopic;
  /** Of one process. */
  readonly processor?: (ports: ProcessorPorts) => ProcessorPorts;
}

export interface ProcessorPorts {
  readonly ledger: Ledger;
  readonly resources: ResourceReader;
}

/** What a mistake is called, and the promise that it breaks sooner or later. */
export interface NamedBug {
  readonly title: string;
  readonly bug: PlantedBug;
  readonly reconcile: Reconcile;
  readonly breaks: Violation['promise'];
  readonly shows: RegExp;
}
