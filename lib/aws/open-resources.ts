import { setTimeout as sleep } from 'node:timers/promises';
import { resourceReader } from '../core/api/resource-reader.ts';
import type { Ledger, ResourceReader } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';
import type { SourceName } from '../core/source.ts';
import type { ProcessLimits } from '../core/time-limits.ts';
import type { Connection } from './client-settings.ts';
import { httpsApiClient } from './https-api-client.ts';
import { secretsManagerClient, secretsManagerSecrets } from './secrets-manager-secrets.ts';

export interface ResourcesWiring {
  readonly ledger: Ledger;
  /** The ARN of each source's secret. */
  readonly secrets: ReadonlyMap<SourceName, string>;
  readonly connection?: Connection;
  readonly limits: ProcessLimits;
  readonly now: () => EpochMs;
  readonly random: () => number;
}

/** Import this module dynamically only: with the client of Secrets Manager it is as large as what the process function starts with. */
export function openResources(wiring: ResourcesWiring): ResourceReader & { close(): void } {
  const { ledger, secrets: arns, connection, limits, now, random } = wiring;
  const client = secretsManagerClient(limits.secrets, connection);
  const api = httpsApiClient({ limitMs: limits.api });
  const secrets = secretsManagerSecrets({ client, arns, limitMs: limits.secrets, now });
  const { read } = resourceReader({ ledger, api, secrets, now, random, pause: (ms) => sleep(ms) });
  return {
    read,
    close() {
      client.destroy();
      api.close();
    },
  };
}
