import type { Provider } from './provider.ts';

declare const sourceName: unique symbol;
/** `[a-z0-9-]{1,40}`: names the source in paths, metrics, rows and secrets. */
export type SourceName = string & { readonly [sourceName]: true };

/** What a user writes for one source. */
export interface SourceDefinition {
  readonly provider: Provider;
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
  /** Fetching the canonical state comes later; `off` publishes what was sent. */
  readonly reconcile?: 'off';
}

/** The user's sources by name: what `bin/sources.ts` exports. */
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
  readonly reconcile: 'off';
}
