import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { EpochMs } from '../core/request.ts';
import { parseSecrets, type SecretVersion } from '../core/secret.ts';
import type { Source, SourceName } from '../core/source.ts';
import { confirmed } from './confirmed.ts';
import { type SendOptions, withinLimit } from './within-limit.ts';

/** What of a secret counts now. */
export interface Versions {
  readonly current: CurrentVersion;
  readonly previous?: SecretVersion;
}

interface CurrentVersion extends SecretVersion {
  /** Secrets Manager's; absent when there is no value yet. */
  readonly id?: string;
}

/** The versions of a source's secret in Secrets Manager. Whatever goes wrong is an `InfrastructureError`. */
export interface SecretVersions {
  /** The current one, and the one before it where that would count. */
  read(): Promise<Versions>;
  /** Stores a value beside the current one, which stays what it is. Gives the new version's id. */
  offer(text: string): Promise<string>;
  /** Makes a stored version the current one in the place of `before`; fails when another is current by now. */
  promote(version: string, before: string | undefined): Promise<void>;
}

/** Marks the version that was offered last. With a label of its own `PutSecretValue` does not move AWSCURRENT. */
const OFFERED = 'HEADGATE_OFFERED';

interface Options {
  readonly client: SecretsManagerClient;
  readonly arns: ReadonlyMap<SourceName, string>;
  readonly limitMs: number;
  readonly now: () => EpochMs;
}

/** @param options.limitMs the longest that reading one source's versions, or one other call, may take. */
export function secretVersions(options: Options, source: Source): SecretVersions {
  const { client, limitMs } = options;
  const arn = options.arns.get(source.name);
  if (arn === undefined) throw new TypeError(`no ARN of a secret for the source ${source.name}`);
  return {
    read: async () => {
      const read = withinLimit(limitMs, (within) => readVersions(options, arn, source, within));
      return confirmed('secretsmanager:GetSecretValue', read);
    },
    offer: async (text) => {
      const command = new PutSecretValueCommand({
        SecretId: arn,
        SecretString: text,
        VersionStages: [OFFERED],
      });
      const put = withinLimit(limitMs, async (within) => {
        const { VersionId: id } = await client.send(command, within);
        if (id === undefined) throw new Error('an answer without a version');
        return id;
      });
      return confirmed('secretsmanager:PutSecretValue', put);
    },
    promote: async (version, before) => {
      const command = new UpdateSecretVersionStageCommand({
        SecretId: arn,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: version,
        ...(before === undefined ? {} : { RemoveFromVersionId: before }),
      });
      const move = withinLimit(limitMs, (within) => client.send(command, within));
      await confirmed('secretsmanager:UpdateSecretVersionStage', move);
    },
  };
}

async function readVersions(
  { client, now }: Options,
  arn: string,
  source: Source,
  within: SendOptions | undefined,
): Promise<Versions> {
  const current = await readVersion(client, arn, 'AWSCURRENT', within);
  if (current === undefined) return { current: { text: '', createdAt: now() } };
  if (!previousCounts(current, source, now())) return { current };
  const previous = await readVersion(client, arn, 'AWSPREVIOUS', within);
  return previous === undefined ? { current } : { current, previous };
}

/** Asks the parser itself: would it use a previous version if there were one? */
function previousCounts(current: SecretVersion, source: Source, now: EpochMs): boolean {
  const overlapSeconds = source.secretOverlapSeconds;
  const alone = parseSecrets({ current, overlapSeconds, now });
  const probe = { text: 'would a previous version count?', createdAt: 0 };
  return (
    parseSecrets({ current, previous: probe, overlapSeconds, now }).signing.length > alone.signing.length
  );
}

async function readVersion(
  client: SecretsManagerClient,
  arn: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS',
  within: SendOptions | undefined,
): Promise<CurrentVersion | undefined> {
  const value = await client
    .send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }), within)
    .catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
  if (value === undefined) return undefined;
  const { SecretString, SecretBinary = [], CreatedDate, VersionId: id } = value;
  const text = SecretString ?? Buffer.from(SecretBinary).toString('utf8');
  return { text, createdAt: CreatedDate?.getTime() ?? 0, ...(id === undefined ? {} : { id }) };
}
