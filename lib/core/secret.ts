import type { EpochMs } from './request.ts';

declare const signingSecret: unique symbol;
/** Never logged, never put into an error. */
export type SigningSecret = string & { readonly [signingSecret]: true };

/** What a source's secret holds, newest first. */
export interface SourceSecrets {
  readonly signing: readonly { readonly secret: SigningSecret; readonly age: SecretAge }[];
  readonly api?: string;
}

/** Which secret matched: a metric, so that an old one can be retired with proof. */
export type SecretAge = 'newest' | 'older';

/** One stored version of a secret. */
export interface SecretVersion {
  readonly text: string;
  readonly createdAt: EpochMs;
}
