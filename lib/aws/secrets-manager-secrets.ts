import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ConfigurationError, InfrastructureError } from '../core/errors.ts';
import type { Secrets } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';
import { parseSecrets, type SecretVersion, type SourceSecrets } from '../core/secret.ts';
import type { Source, SourceName } from '../core/source.ts';
import { type Connection, clientSettings } from './client-settings.ts';
import { confirmed } from './confirmed.ts';
import { type SendOptions, withinLimit } from './within-limit.ts';

/** A secret taken out of the store stops to verify after this at the latest, in ms, also where nothing mismatches. */
const LIFETIME_MS = 3_600_000;

/** Between two reads that a mismatch asks for, and two tries to renew what is out of date, in ms. */
const REST_MS = 30_000;

const CALL = 'secretsmanager:GetSecretValue';

interface Versions {
  readonly current: SecretVersion;
  readonly previous?: SecretVersion;
}

/** What is known of one source's secrets. */
interface Entry {
  held?: { readonly versions: Versions; readonly secrets: SourceSecrets; readonly until: EpochMs };
  flight?: Promise<SourceSecrets>;
  refreshed?: { readonly at: EpochMs; readonly failure?: unknown };
  /** What is stored is in a form that cannot be read, and stays so until somebody puts it right. */
  unreadable?: { readonly at: EpochMs; readonly failure: ConfigurationError };
}

export function secretsManagerClient(limitMs: number, connection?: Connection): SecretsManagerClient {
  return new SecretsManagerClient(clientSettings(limitMs, connection));
}

/**
 * The sources' secrets, read once and kept. While Secrets Manager is down, those that are kept serve. A secret that is not there, or
 * has no value yet, is an empty one: it accepts nothing.
 *
 * `AWSPREVIOUS` is read only where it would count (see `parseSecrets`), and never counts for longer than its overlap.
 * @param options.arns of each source.
 * @param options.limitMs the longest that reading one source's versions may take.
 */
export function secretsManagerSecrets(options: {
  readonly client: SecretsManagerClient;
  readonly arns: ReadonlyMap<SourceName, string>;
  readonly limitMs: number;
  readonly now: () => EpochMs;
}): Secrets {
  const entries = new Map<SourceName, Entry>();
  const entryOf = ({ name }: Source): Entry => {
    const known = entries.get(name) ?? {};
    entries.set(name, known);
    return known;
  };

  async function load(source: Source, entry: Entry): Promise<SourceSecrets> {
    const arn = options.arns.get(source.name);
    if (arn === undefined) throw new TypeError(`no ARN of a secret for the source ${source.name}`);
    const versions = await confirmed(
      CALL,
      withinLimit(options.limitMs, (within) => readVersions(options, arn, source, within)),
    );
    return hold(entry, source, versions, options.now()).secrets;
  }

  /** One at a time and source: whoever comes in between shares it. */
  function fly(source: Source, entry: Entry): Promise<SourceSecrets> {
    entry.flight ??= load(source, entry)
      .catch((failure: unknown) => {
        if (failure instanceof ConfigurationError) entry.unreadable = { at: options.now(), failure };
        throw failure;
      })
      .finally(() => {
        delete entry.flight;
      });
    return entry.flight;
  }

  return {
    async read(source) {
      const entry = entryOf(source);
      const { held, unreadable } = entry;
      if (held !== undefined && options.now() < held.until) return held.secrets;
      // Nobody has proved anything yet, so no request may cost a call. A failure that passes is no reason to wait.
      if (unreadable !== undefined && options.now() - unreadable.at < REST_MS) throw unreadable.failure;
      if (held === undefined) return fly(source, entry);
      try {
        return await fly(source, entry);
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
        return hold(entry, source, held.versions, options.now(), REST_MS).secrets;
      }
    },
    async refresh(source, mismatched) {
      const entry = entryOf(source);
      if (entry.held !== undefined && entry.held.secrets !== mismatched) return entry.held.secrets;
      const { refreshed } = entry;
      if (entry.flight === undefined && refreshed !== undefined && options.now() - refreshed.at < REST_MS) {
        if (refreshed.failure !== undefined) throw refreshed.failure;
        return undefined;
      }
      try {
        const secrets = await fly(source, entry);
        entry.refreshed = { at: options.now() };
        return secrets;
      } catch (failure) {
        entry.refreshed = { at: options.now(), failure };
        throw failure;
      }
    },
  };
}

function hold(
  entry: Entry,
  source: Source,
  versions: Versions,
  now: EpochMs,
  lifetime: number = LIFETIME_MS,
): NonNullable<Entry['held']> {
  const overlapSeconds = source.secretOverlapSeconds;
  const secrets = parseSecrets({ ...versions, overlapSeconds, now });
  const overlapEnd = versions.current.createdAt + overlapSeconds * 1000;
  const ends = versions.previous !== undefined && overlapEnd > now ? overlapEnd : Number.POSITIVE_INFINITY;
  entry.held = { versions, secrets, until: Math.min(now + lifetime, ends) };
  return entry.held;
}

type Client = Pick<Parameters<typeof secretsManagerSecrets>[0], 'client' | 'now'>;

async function readVersions(
  { client, now }: Client,
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
): Promise<SecretVersion | undefined> {
  const value = await client
    .send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }), within)
    .catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
  if (value === undefined) return undefined;
  const text = value.SecretString ?? Buffer.from(value.SecretBinary ?? []).toString('utf8');
  return { text, createdAt: value.CreatedDate?.getTime() ?? 0 };
}
