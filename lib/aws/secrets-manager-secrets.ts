import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationError, InfrastructureError } from '../core/errors.ts';
import type { SecretInstaller, Secrets } from '../core/ports.ts';
import type { EpochMs } from '../core/request.ts';
import { parseSecrets, type SigningSecret, type SourceSecrets } from '../core/secret.ts';
import type { Source, SourceName } from '../core/source.ts';
import { type Connection, clientSettings } from './client-settings.ts';
import { installFirst } from './install-first.ts';
import { type SecretVersions, secretVersions, type Versions } from './secret-versions.ts';

/** A secret taken out of the store stops to verify after this at the latest, in ms, also where nothing mismatches. */
const LIFETIME_MS = 3_600_000;

/** Between two reads that a mismatch asks for, and two tries to renew what is out of date, in ms. */
const REST_MS = 30_000;

/** What is known of one source's secrets. */
interface Entry {
  readonly source: Source;
  readonly versions: SecretVersions;
  readonly now: () => EpochMs;
  held?: { readonly versions: Versions; readonly secrets: SourceSecrets; readonly until: EpochMs };
  flight?: Promise<SourceSecrets>;
  refreshed?: { readonly at: EpochMs; readonly failure?: unknown };
  /** What is stored is in a form that cannot be read, and stays so until somebody puts it right. */
  unreadable?: { readonly at: EpochMs; readonly failure: ConfigurationError };
  /** The last try to store a first one. */
  notInstalled?: { readonly at: EpochMs; readonly failure: unknown };
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
 * @param options.limitMs the longest that reading one source's versions, or one other call, may take.
 */
export function secretsManagerSecrets(options: {
  readonly client: SecretsManagerClient;
  readonly arns: ReadonlyMap<SourceName, string>;
  readonly limitMs: number;
  readonly now: () => EpochMs;
}): Secrets & SecretInstaller {
  const entries = new Map<SourceName, Entry>();
  const entryOf = (source: Source): Entry => {
    const { name } = source;
    const entry = entries.get(name) ?? {
      source,
      versions: secretVersions(options, source),
      now: options.now,
    };
    entries.set(name, entry);
    return entry;
  };
  return {
    read: async (source) => read(entryOf(source)),
    refresh: async (source, mismatched) => refresh(entryOf(source), mismatched),
    install: async (source, secret) => install(entryOf(source), secret),
  };
}

async function read(entry: Entry): Promise<SourceSecrets> {
  const { held, unreadable, now } = entry;
  if (held !== undefined && now() < held.until) return held.secrets;
  // Nobody has proved anything yet, so no request may cost a call. A failure that passes is no reason to wait.
  if (unreadable !== undefined && now() - unreadable.at < REST_MS) throw unreadable.failure;
  if (held === undefined) return fly(entry);
  try {
    return await fly(entry);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    return hold(entry, held.versions, REST_MS).secrets;
  }
}

async function refresh(entry: Entry, mismatched: SourceSecrets): Promise<SourceSecrets | undefined> {
  const { held, refreshed, now } = entry;
  if (held !== undefined && held.secrets !== mismatched) return held.secrets;
  if (entry.flight === undefined && refreshed !== undefined && now() - refreshed.at < REST_MS) {
    if (refreshed.failure !== undefined) throw refreshed.failure;
    return undefined;
  }
  try {
    const secrets = await fly(entry);
    entry.refreshed = { at: now() };
    return secrets;
  } catch (failure) {
    entry.refreshed = { at: now(), failure };
    throw failure;
  }
}

async function install(entry: Entry, secret: SigningSecret): Promise<'installed' | 'kept'> {
  // What others have begun to read would be held in the place of what is stored now.
  while (entry.flight !== undefined) await entry.flight.catch(() => undefined);
  const { source, versions, notInstalled, now } = entry;
  // Here too nobody has proved anything, and each try is several calls.
  if (notInstalled !== undefined && now() - notInstalled.at < REST_MS) throw notInstalled.failure;
  const installation = installFirst(versions, source, secret, now);
  try {
    await fly(entry, async () => (await installation).versions);
    return (await installation).outcome;
  } catch (failure) {
    entry.notInstalled = { at: now(), failure };
    throw failure;
  }
}

/** One at a time and source: whoever comes in between shares it. */
function fly(
  entry: Entry,
  find: () => Promise<Versions> = () => entry.versions.read(),
): Promise<SourceSecrets> {
  entry.flight ??= find()
    .then((found) => hold(entry, found).secrets)
    .catch((failure: unknown) => {
      if (failure instanceof ConfigurationError) entry.unreadable = { at: entry.now(), failure };
      throw failure;
    })
    .finally(() => {
      delete entry.flight;
    });
  return entry.flight;
}

function hold(entry: Entry, versions: Versions, lifetime: number = LIFETIME_MS): NonNullable<Entry['held']> {
  const { secretOverlapSeconds: overlapSeconds } = entry.source;
  const now = entry.now();
  const secrets = parseSecrets({ ...versions, overlapSeconds, now });
  const overlapEnd = versions.current.createdAt + overlapSeconds * 1000;
  const ends = versions.previous !== undefined && overlapEnd > now ? overlapEnd : Number.POSITIVE_INFINITY;
  entry.held = { versions, secrets, until: Math.min(now + lifetime, ends) };
  return entry.held;
}
