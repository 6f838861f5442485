import type { Request } from './request.ts';
import type { Rejection } from './rejection.ts';
import type { SecretAge, SourceSecrets } from './secret.ts';

/** What a scheme step is given: everything that a signature could cover. */
export interface SchemeInput {
  readonly request: Request;
  /** The public URL as the provider called it: configured base, path, raw query. Never from the Host header. */
  readonly url: string;
  readonly secrets: SourceSecrets;
}

/** The signature holds, and which secret it was made with. */
export interface Proof {
  readonly kind: 'proved';
  readonly age: SecretAge;
}

/** Proves (and, for tests and the simulator, signs) what no table of headers and templates can describe. */
export interface SchemeStepCode {
  verify(input: SchemeInput): Proof | Rejection | Promise<Proof | Rejection>;
  /** The headers that a provider would send, and the query it would add. */
  sign(input: { readonly request: Request; readonly url: string; readonly secret: string }): SignedParts;
}

export interface SignedParts {
  readonly headers: Readonly<Record<string, string>>;
  /** Replaces the request's query when the signature lies in the URL. */
  readonly query?: string;
}
