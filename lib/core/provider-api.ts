import type { Count, Instant } from './provider.ts';
import type { Test } from './provider-handshake.ts';
import type { Template } from './template.ts';

/** A provider's REST API, as far as it is asked how a resource stands. */
export interface ProviderApi {
  /**
   * By name; the first is the one that is asked when the source names none. Https, without a slash at the end.
   * Absent where every account has its own: then the source says which.
   */
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** The kinds of credentials that are taken; the first is the one that the source's `api` secret holds when it names none. */
  readonly auth: readonly [ApiAuth, ...ApiAuth[]];
  /** Sent with every request: versions, what is accepted. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the provider lets a client ask for at least. */
  readonly rate: Rate;
  /** How an answer says that the limit is near, beside 429 and `Retry-After`, which are always obeyed. */
  readonly rateLimit?: RateLimitHeaders;
}

export interface Rate {
  readonly perSecond: number;
  /** Requests at once, after a pause. */
  readonly burst: number;
}

export interface RateLimitHeaders {
  /** The header with the number of requests that are left. */
  readonly remaining: string;
  /** When there are new ones. `s`: Unix seconds; `in-s`: seconds from now. */
  readonly reset: { readonly header: string; readonly unit: 's' | 'in-s' };
}

/** What the `api` text of the stored secret is. */
export type ApiAuth =
  /** The token itself, behind the prefix (`Bearer `). */
  | { readonly kind: 'token'; readonly header: string; readonly prefix?: string }
  /** `user:password` (RFC 7617). */
  | { readonly kind: 'basic' }
  /** `client_id:client_secret`, exchanged for a token at this path of the same base URL (RFC 6749, 4.4; by Basic). */
  | { readonly kind: 'client-credentials'; readonly tokenPath: string; readonly scope?: string }
  /** JSON `{"appId": …, "installationId": …, "privateKey": "-----BEGIN …"}`: a JWT that is exchanged for an installation's token. */
  | { readonly kind: 'github-app' };

/** How to ask for the resource that an event is about. */
export interface ResourceShape {
  /**
   * The subject, where the payload carries no state of it: such an event is about a resource only where it is fetched.
   * Absent: the subject of the event's shape.
   */
  readonly subject?: Template | readonly Template[];
  /** Path and query below the base URL; the first whose holes all have a value that fits `ids`. */
  readonly path: Template | readonly Template[] | PathByKind;
  /**
   * What a value must look like to go into the path; default `word`.
   * `digits`: at most 20. `word`: `A-Za-z0-9_-`, at most 128. `name`: also `.` and `~`, but not `.` and `..`.
   * `encoded`: any text of at most 256 without `%`, `\`, control characters and a part that is empty, `.` or `..` between slashes; it is
   * percent-encoded as one part of the path (a branch's name, a UUID in braces).
   */
  readonly ids?: ResourceIds;
  /** Where the fetched document holds the version that the events' versions are compared with; absent: it has none. */
  readonly version?: Instant | Count;
  /** Holds for an event that says that the resource was deleted. */
  readonly deletion?: readonly [Test, ...Test[]];
  /** Holds for a fetched document that says so. */
  readonly deleted?: readonly [Test, ...Test[]];
  /** Holds for an answer that says under 200, as a 404 does elsewhere, that there is no such resource. */
  readonly absent?: readonly [Test, ...Test[]];
  /** Holds for whatever document is the resource, where errors come under 200, too: what else is answered says nothing of it. */
  readonly valid?: readonly [Test, ...Test[]];
}

/** Where many kinds of resources come in events of one shape: the path under what `by` gives; none for any other kind. */
export interface PathByKind {
  readonly by: Template;
  readonly of: Readonly<Record<string, Template>>;
}

/** How an answer of the API is understood. */
export type DocumentShape = Pick<ResourceShape, 'version' | 'deleted' | 'absent' | 'valid'>;

export type ResourceIds = 'digits' | 'word' | 'name' | 'encoded';
