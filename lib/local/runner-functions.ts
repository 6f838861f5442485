import type { IngestHandler } from '../aws/ingest-handler.ts';
import type { ProcessHandler } from '../aws/process-handler.ts';
import { wireIngest } from '../aws/wire-ingest.ts';
import { wireProcess } from '../aws/wire-process.ts';
import type { Inlet } from '../core/inlet.ts';
import type { Report } from '../core/report.ts';
import { ledgerRetentionSeconds } from '../core/resources.ts';
import type { CreatedResources } from './create-resources.ts';
import type { LocalConnection } from './local-connection.ts';
import { secretArn } from './secrets-manager.ts';

/** What both functions are wired with. */
export interface RunnerWiring {
  readonly connection: LocalConnection;
  readonly created: CreatedResources;
  readonly inlets: readonly Inlet[];
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
export function runnerFunctions({ connection, created, inlets, report }: RunnerWiring): RunnerFunctions {
  const common = { inlets, connection, now: Date.now };
  const closers: (() => void)[] = [];
  const process = wireProcess({
    ...common,
    environment: {
      queueUrl: created.queue.url,
      deadLettersUrl: created.deadLetters.url,
      table: created.table,
      topicArn: created.topicArn,
      bucket: created.bucket,
      origin: 'urn:headgate:local',
      ledgerRetentionSeconds: ledgerRetentionSeconds(inlets.map(({ source }) => source)),
    },
    report,
  });
  closers.push(process.close);
  return {
    ingest: ({ publicUrl }) => {
      const secrets = new Map(inlets.map(({ source: { name } }) => [name, secretArn(name)]));
      const ingest = wireIngest({
        ...common,
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
