import { type GetSecretValueCommandInput, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { EpochMs } from '../../../lib/core/request.ts';
import type { SimulatedService } from './simulated-client.ts';

interface SecretVersion {
  readonly text: string;
  readonly createdAt: EpochMs;
}

/** Secrets by their ARN, with the one before. */
export interface SimulatedSecrets extends SimulatedService {
  put(arn: string, version: SecretVersion): void;
}

export function simulatedSecrets(): SimulatedSecrets {
  const secrets = new Map<string, readonly SecretVersion[]>();
  return {
    name: 'secretsmanager',
    put: (arn, version) => secrets.set(arn, [version, ...(secrets.get(arn) ?? []).slice(0, 1)]),
    about: (_operation, input) => {
      const { SecretId, VersionStage } = input as GetSecretValueCommandInput;
      return `${SecretId} ${VersionStage}`;
    },
    answer(operation, input) {
      if (operation !== 'GetSecretValue') throw new TypeError(`nobody calls ${operation}`);
      const { SecretId = '', VersionStage } = input as GetSecretValueCommandInput;
      const version = secrets.get(SecretId)?.[VersionStage === 'AWSPREVIOUS' ? 1 : 0];
      if (version === undefined)
        throw new ResourceNotFoundException({
          message: 'no such version',
          $metadata: { httpStatusCode: 400 },
        });
      return { SecretString: version.text, CreatedDate: new Date(version.createdAt) };
    },
  };
}
