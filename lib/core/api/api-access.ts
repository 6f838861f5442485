import { ConfigurationError, InfrastructureError } from '../errors.ts';
import type { ApiClient, Secrets } from '../ports.ts';
import type { EpochMs } from '../request.ts';
import type { SourceSecrets } from '../secret.ts';
import { type Unknown, unknown } from './api-answer.ts';
import type { ReconciledSource } from './api-request.ts';
import type { Obstacle } from './ask-api.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { tokenCache } from './token-cache.ts';

/** After a 401 what is cached is read anew, at most once in so many ms. */
const REST_MS = 30_000;

type Headers = Readonly<Record<string, string>>;

/** What is stored for a source. */
export interface Holding {
  readonly kind: 'holding';
  readonly secrets: SourceSecrets;
  /** The stored text: tells one key from the next. */
  readonly api: string;
  readonly credentials: Exclude<Credentials, { readonly kind: 'none' }>;
}

/** One source's credentials, and the token that they are exchanged for. */
export interface ApiAccess {
  /** What is stored. The provider is not asked. */
  holding(): Promise<Holding | Unknown>;
  /** What proves who asks; where the provider wants a token, it is had first. */
  headers(holding: Holding): Promise<{ readonly kind: 'headers'; readonly headers: Headers } | Obstacle>;
  /**
   * After the provider did not take it: what is stored by now.
   * @param refused the headers that were not taken; undefined when it gave no token.
   * @returns undefined when it would not do better.
   */
  renewed(holding: Holding, refused: Headers | undefined): Promise<Holding | undefined>;
}

export interface AccessPorts {
  readonly secrets: Secrets;
  readonly api: ApiClient;
  readonly now: () => EpochMs;
}

export function apiAccess(source: ReconciledSource, { secrets, api, now }: AccessPorts): ApiAccess {
  const tokens = tokenCache(source, { api, now });
  let parsed: { readonly text: string | undefined; readonly credentials: Credentials } | undefined;
  let renewal: { readonly at: EpochMs; readonly done: Promise<unknown> } | undefined;

  /** To parse a private key costs more than to keep it. */
  function parse(text: string | undefined): Credentials {
    if (parsed === undefined || parsed.text !== text)
      parsed = { text, credentials: readCredentials(source.reconcile.auth, text) };
    return parsed.credentials;
  }

  async function holding(): Promise<Holding | Unknown> {
    try {
      const stored = await secrets.read(source);
      const credentials = parse(stored.api);
      if (credentials.kind === 'none') return unknown('no-credentials', credentials.explanation);
      return { kind: 'holding', secrets: stored, api: stored.api ?? '', credentials };
    } catch (error) {
      if (error instanceof ConfigurationError) return unknown('no-credentials', error.message);
      if (error instanceof InfrastructureError) return unknown('infrastructure', error.message);
      throw error;
    }
  }

  return {
    holding,
    async headers({ credentials, api: text }) {
      return credentials.kind === 'headers' ? credentials : tokens.headers(credentials, text);
    },
    async renewed(held, refused) {
      if (renewal === undefined || now() - renewal.at >= REST_MS) {
        if (refused !== undefined) tokens.forget(refused);
        renewal = { at: now(), done: refreshed(source, held, secrets) };
      }
      await renewal.done;
      const next = await holding();
      if (next.kind === 'unknown') return undefined;
      const isOther =
        next.api !== held.api ||
        (next.credentials.kind === 'exchange' && refused !== undefined && !tokens.holds(refused));
      return isOther ? next : undefined;
    },
  };
}

/** That nothing newer can be had leaves what is known: these credentials were refused. */
async function refreshed(
  source: ReconciledSource,
  { secrets: known }: Holding,
  secrets: Secrets,
): Promise<void> {
  try {
    await secrets.refresh(source, known);
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof InfrastructureError)) throw error;
  }
}
