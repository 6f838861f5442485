import type { ConditionalWrite } from '../../../lib/core/conditional-write.ts';
import type { Ledger } from '../../../lib/core/ports.ts';
import type { Reconcile } from '../../../lib/core/source.ts';
import { type AccountsAudit, auditAccounts } from './audit-accounts.ts';
import { auditCopies } from './audit-copies.ts';
import { auditOrder, type OrderAudit } from './audit-order.ts';
import { auditOrigin } from './audit-origin.ts';
import { auditPatience, type PatienceAudit } from './audit-patience.ts';
import { auditSubscribers, type SubscribersAudit } from './audit-subscribers.ts';
import type { Attempt } from './call-fates.ts';
import type { TrueEvent } from './events.ts';
import type { Call } from './gateway.ts';
import { readPublished } from './published-event.ts';
import type { Sandbox } from './sandbox.ts';
import type { SimulatedQueue } from './simulated-queue.ts';
import type { Stage } from './stage.ts';

/** Knows the truth, sees everything, and holds each promise against it all along. */
export interface Auditor {
  know(event: TrueEvent): void;
  arrived(call: Call): void;
  answered(call: Call, status: number): void;
  published(message: string, attempt: Attempt, said: 'published' | 'failed'): void;
  /** Sees what a process notes of what is out. */
  watch(ledger: Ledger, sandbox: Sandbox): Ledger;
  readonly accounts: AccountsAudit;
  readonly order: OrderAudit;
  readonly patience: PatienceAudit;
  readonly subscribers: SubscribersAudit;
  /** What can be said only when everything is at rest. */
  atEnd(): void;
}

export function openAuditor(
  stage: Stage,
  {
    queue,
    objects,
    retentionSeconds,
    reconcile,
  }: {
    readonly queue: SimulatedQueue;
    readonly objects: ReadonlyMap<string, Buffer>;
    readonly retentionSeconds: number;
    readonly reconcile: Reconcile;
  },
): Auditor {
  const origin = auditOrigin(stage);
  const accounts = auditAccounts(stage, queue);
  const copies = auditCopies(stage, retentionSeconds);
  const order = auditOrder(stage);
  const patience = auditPatience(stage, reconcile);
  return {
    know(event) {
      origin.know(event);
      if (event.about !== undefined) order.know(event.about.thing);
    },
    arrived(call) {
      origin.arrived(call);
      accounts.arrived(call);
    },
    answered(call, status) {
      origin.answered(call, status);
      accounts.answered(call, status);
    },
    published(message, attempt, said) {
      const event = readPublished(message, objects);
      origin.published(event);
      accounts.published(event);
      copies.published(event, attempt, said);
      order.published(event);
      patience.published(event);
    },
    watch: (ledger, sandbox) => ({
      read: ledger.read,
      async write(write) {
        const key = recordedKey(write);
        if (key === undefined) return await ledger.write(write);
        try {
          const answer = await ledger.write(write);
          if (sandbox.isAlive) copies.recorded(key, sandbox, 'answered');
          return answer;
        } catch (error) {
          if (sandbox.isAlive) copies.recorded(key, sandbox, 'failed');
          throw error;
        }
      },
    }),
    accounts,
    order,
    patience,
    subscribers: auditSubscribers(stage),
    atEnd() {
      accounts.atEnd();
      copies.atEnd();
    },
  };
}

/** `count count-2.3`, where a write says that the event is out. */
function recordedKey({ key, set }: ConditionalWrite): string | undefined {
  if (set.state !== 'published') return undefined;
  const [, source, id] = key.split('#');
  return `${source} ${id}`;
}
