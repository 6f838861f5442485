import type { IngestHandler } from '../aws/ingest-handler.ts';
import { lazyCertificates } from '../aws/lazy-certificates.ts';
import type { ProcessHandler } from '../aws/process-handler.ts';
import { wireIngest } from '../aws/wire-ingest.ts';
import { wireProcess } from '../aws/wire-process.ts';
import type { Inlet } from '../core/inlet.ts';
import type { Report } from '../core/report.ts';
import { ledgerRetentionSeconds } from '../core/resources.ts';
import { INTAKE_LIMITS, PROCESS_LIMITS } from '../core/time-limits.ts';
import type { CreatedResources } from './create-resources.ts';
import { localCertificates } from './local-certificates.ts';
import type { LocalConnection } from './local-connection.ts';
import type { SecretStore } from './secret-store.ts';
import { secretArn } from './secrets-manager.ts';

/**
 * The emulator does not hang, but it is as slow as a busy machine makes it; what ran into AWS's limits would be deferred, spilled or
 * published twice for no reason. With three times as much, publishing and recording still end within the claim's lease.
 */
const PATIENCE = 3;

/** What both functions are wired with. */
export interface RunnerWiring {
  readonly connection: LocalConnection;
  readonly created: CreatedResources;
  readonly inlets: readonly Inlet[];
  /** With what `headgate send` signs by. */
  readonly secrets: SecretStore;
  readonly report: (reports: readonly Report[]) => void;
}

/** The functions of `functions/`, wired as they are, but for where AWS is and where the reports go. */
export interface RunnerFunctions {
  ingest(options: { readonly publicUrl: string }): IngestHandler;
  readonly process: ProcessHandler;
  /** Closes the clients' connections. */
  close(): void;
}

/** @example runnerFunctions({ connection, created, inlets, report }).ingest({ publicUrl: 'http://127.0.0.1:8787' }) */
export function runnerFunctions(wiring: RunnerWiring): RunnerFunctions {
  const { connection, created, inlets, report } = wiring;
  const names = inlets.map(({ source }) => source.name);
  const certificates = localCertificates(wiring.secrets, names, lazyCertificates(Date.now));
  const common = { inlets, connection, now: Date.now };
  const closers: (() => void)[] = [];
  const secrets = new Map(names.map((name) => [name, secretArn(name)]));
  const process = wireProcess({
    ...common,
    limits: patient(PROCESS_LIMITS),
    environment: {
      queueUrl: created.queue.url,
      deadLettersUrl: created.deadLetters.url,
      table: created.table,
      topicArn: created.topicArn,
      bucket: created.bucket,
      origin: 'urn:headgate:local',
      ledgerRetentionSeconds: ledgerRetentionSeconds(inlets.map(({ source }) => source)),
      secrets,
    },
    report,
  });
  closers.push(process.close);
  return {
    ingest: ({ publicUrl }) => {
      const ingest = wireIngest({
        ...common,
        limits: patient(INTAKE_LIMITS),
        certificates,
        environment: { queueUrl: created.queue.url, bucket: created.bucket, publicUrl, secrets },
        report: (one) => report([one]),
      });
      closers.push(ingest.close);
      return ingest.handler;
    },
    process: process.handler,
    close: () => {
      for (const close of closers) close();
    },
  };
}

function patient<Call extends string>(
  limits: Readonly<Record<Call, number>>,
): Readonly<Record<Call, number>> {
  const longer = Object.entries<number>(limits).map(([call, limitMs]) => [call, PATIENCE * limitMs]);
  return Object.fromEntries(longer);
}
