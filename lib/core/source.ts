import { ConfigurationError } from './errors.ts';
import { fieldOf, kindOf, rootPlace, wrong } from './place.ts';
import type { ApiAuth, Provider, Rate } from './provider.ts';
import { isObject } from './shape.ts';
import { checkPaths, readSource } from './source/source-shape.ts';

declare const sourceName: unique symbol;
/** `[a-z0-9-]{1,40}`, not first a `-`: names the source in paths, metrics, rows and secrets. */
export type SourceName = string & { readonly [sourceName]: true };

/** A provider as a user writes it: what is only shown (`title`, `docs`, `setup`) may be left out. */
export type ProviderDefinition = Omit<Provider, 'title' | 'docs' | 'setup'> &
  Partial<Pick<Provider, 'title' | 'docs' | 'setup'>> & {
    /** Of a value in a JSON file: where its schema is (`headgate/docs/provider.schema.json`), for editors. */
    readonly $schema?: string;
  };

/** What a user writes for one source. */
export interface SourceDefinition {
  /** One of ours, or a value of your own. */
  readonly provider: ProviderDefinition;
  /** One path or several (moving, blue/green). Default: `/` + the source's name. */
  readonly path?: string | readonly string[];
  /** Types that are wanted; others are acknowledged and counted, not queued. Default: all. `issues.*` takes every type with that beginning. */
  readonly events?: readonly string[];
  /** Replaces the provider's own replay tolerance, in seconds. */
  readonly toleranceSeconds?: number;
  /** For providers whose id is unsigned: what to do with the same bytes under another id. Default `publish` (as `repeatof`). */
  readonly repeatedContent?: 'publish' | 'refuse';
  /** Paths of the document that are replaced by `"[redacted]"` before publishing (a Slack `response_url`). `*` stands for every item. */
  readonly redact?: readonly string[];
  /** How long the previous secret still verifies after a rotation, in seconds. Default 86,400; 0 turns it off. */
  readonly secretOverlapSeconds?: number;
  /**
   * Whether the provider's API is asked how a resource stands. `off` (default): what was sent is published, in the order that its
   * versions give. `when-unsure`: asked where that gives none, and where the payload holds no state. `always`: asked for every event.
   */
  readonly reconcile?: Reconcile;
  /** How its API is asked, where that differs from the provider's value. */
  readonly api?: SourceApiDefinition;
  /** How long an event may wait for the provider's API, and what then; counted from the first time that it could not say. Default: an hour, and `publish` afterwards. */
  readonly patience?: Patience;
  /**
   * For providers that bring the signing secret themselves, in a set-up request that nothing proves (Asana, Notion): while this is set
   * and no secret is stored, the first such request stores its own. Whoever knows the URL can be the first: take it out as soon as the
   * webhook is made.
   */
  readonly setup?: 'install-secret';
}

export type Reconcile = 'off' | 'when-unsure' | 'always';

export interface SourceApiDefinition {
  /**
   * The name of one of the provider's (`sandbox`), or an https address of your own: an enterprise server, in a private network too, or a
   * stub (`http://127.0.0.1:…` too).
   */
  readonly baseUrl?: string;
  /** Which of the provider's kinds of credentials the `api` text of the stored secret is. */
  readonly auth?: ApiAuth['kind'];
  readonly rate?: Rate;
  /** Paths of what is fetched that are replaced by `"[redacted]"` before publishing. The source's own `redact` is of the payload only. */
  readonly redact?: readonly string[];
}

export interface Patience {
  /** At most 72,000. */
  readonly seconds: number;
  /** `publish`: as `unconfirmed`, with what was sent. `dead-letter`: to be redriven when the provider is back. */
  readonly afterwards: 'publish' | 'dead-letter';
}

/**
 * The user's sources by name: what `bin/sources.ts` exports. `parseSources` checks what the compiler can't.
 * @example const sources: Sources = { github: { provider: github }, stripe: { provider: stripe, path: '/pay' } };
 */
export type Sources = Readonly<Record<string, SourceDefinition>>;

/** A source with every default filled in: plain data, staged beside the functions. Holds no secret. */
export interface Source {
  readonly name: SourceName;
  readonly provider: Provider;
  readonly paths: readonly [string, ...string[]];
  readonly events: readonly string[] | 'all';
  readonly toleranceSeconds?: number;
  readonly repeatedContent: 'publish' | 'refuse';
  readonly redact: readonly string[];
  readonly secretOverlapSeconds: number;
  /** How the provider's API is asked; absent when it never is. */
  readonly reconcile?: Reconciliation;
  /** Absent: no request stores a secret. */
  readonly setup?: 'install-secret';
}

/**
 * Where the host of a base URL may be. `public`: in the internet only, as every address that a provider's value names. `private-too`: also
 * in a private network, since the source itself wrote the address of a server of its own.
 */
export type ApiNetwork = 'public' | 'private-too';

/** What `reconcile`, `api` and `patience` come to, with every default filled in. */
export interface Reconciliation {
  readonly when: Exclude<Reconcile, 'off'>;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly network: ApiNetwork;
  readonly auth: ApiAuth;
  readonly rate: Rate;
  /** Paths of what is fetched. */
  readonly redact: readonly string[];
  readonly patience: Patience;
}

/**
 * Checks what a user wrote, and fills in the defaults. What comes out is new, plain data that JSON carries unchanged.
 * @param input the sources by name, as `bin/sources.ts` exports them
 * @throws {ConfigurationError} that lists every problem: where it is, what was found, what is allowed.
 * @example parseSources({ github: { provider: github, events: ['issues.*'] } })[0].paths // ['/github']
 */
export function parseSources(input: unknown): readonly Source[] {
  const place = rootPlace('sources');
  const sources: Source[] = [];
  if (isObject(input) && Object.keys(input).length > 0) {
    for (const [name, definition] of Object.entries(input)) {
      const source = readSource(name, definition, fieldOf(place, name));
      if (source !== undefined) sources.push(source);
    }
    checkPaths(sources, place);
  } else {
    wrong(place, isObject(input) ? 'none' : kindOf(input), 'an object with at least one source by its name');
  }
  if (place.problems.length === 0) return sources;
  const count = place.problems.length === 1 ? 'a problem' : `${place.problems.length} problems`;
  throw new ConfigurationError(
    `The sources have ${count}:\n${place.problems.map((each) => `- ${each}`).join('\n')}`,
  );
}
