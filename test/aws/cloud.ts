import { resources } from '../../lib/core/resources.ts';
import type { AwsCall, Fault } from '../../lib/local/cloud-service.ts';
import { createResources } from '../../lib/local/create-resources.ts';
import { startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { type LocalConnection, localConnection } from '../../lib/local/local-connection.ts';
import { type MemorySecretStore, memorySecretStore, type SecretValue } from '../../lib/local/secret-store.ts';
import { type CloudClients, cloudClients } from '../local/cloud-clients.ts';

type Created = Awaited<ReturnType<typeof createResources>>;

/** An embedded cloud with our resources in it, plain clients to look at them, and a switch for faults. */
export interface TestCloud extends Created {
  readonly connection: LocalConnection;
  readonly clients: CloudClients;
  readonly secrets: MemorySecretStore;
  /** Every call since the resources were there, retries included: `sqs:SendMessage`. */
  readonly calls: string[];
  /** What goes wrong from now on. */
  breakCalls(fault: ((call: AwsCall) => Fault | undefined) | undefined): void;
  close(): Promise<void>;
}

export async function startTestCloud(
  options: {
    readonly fifo?: boolean;
    readonly secrets?: Readonly<Record<string, SecretValue>>;
    readonly now?: () => number;
  } = {},
): Promise<TestCloud> {
  const secrets = memorySecretStore(options.secrets ?? {}, options.now ?? Date.now);
  const calls: string[] = [];
  let fault: ((call: AwsCall) => Fault | undefined) | undefined;
  const cloud = await startEmbeddedCloud({
    secrets,
    onCall: ({ service, operation }) => calls.push(`${service}:${operation}`),
    fault: (call) => fault?.(call),
  });
  const connection = localConnection(cloud.endpoint);
  const created = await createResources(connection, resources({ fifo: options.fifo === true }));
  const clients = cloudClients(cloud.endpoint);
  calls.length = 0;
  return {
    ...created,
    connection,
    clients,
    secrets,
    calls,
    breakCalls: (next) => {
      fault = next;
    },
    close: async () => {
      clients.destroy();
      await cloud.close();
    },
  };
}
