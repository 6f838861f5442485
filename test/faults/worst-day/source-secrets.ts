import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerSecrets } from '../../../lib/aws/secrets-manager-secrets.ts';
import type { ReceiverOptions } from './receiver.ts';
import type { Sandbox } from './sandbox.ts';
import { awsPatience, type CloudWorld, simulatedClient } from './simulated-client.ts';

/** The sources' secrets, as one process knows them; each under its source's name. */
export function sourceSecrets(
  world: CloudWorld,
  sandbox: Sandbox,
  { inlets, services }: ReceiverOptions,
  limitMs: number,
): ReturnType<typeof secretsManagerSecrets> {
  return secretsManagerSecrets({
    client: simulatedClient<SecretsManagerClient>(world, sandbox, services.secrets, awsPatience(limitMs)),
    arns: new Map(inlets.map(({ source }) => [source.name, source.name])),
    limitMs,
    now: sandbox.now,
  });
}
