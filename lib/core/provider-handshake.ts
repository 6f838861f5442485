import type { Method } from './request.ts';
import type { Template } from './template.ts';

/**
 * `equals` absent: the template must have a value. `absent`: it must have none. `word`: it is of `a-z`, `0-9` and `_`.
 * `id`: it is of `A-Z`, `a-z`, `0-9`, `_` and `-`, at most 128, so that it is harmless wherever it is written.
 */
export type Test =
  | { readonly at: Template; readonly equals?: string }
  | { readonly at: Template; readonly oneOf: readonly [string, ...string[]] }
  | { readonly at: Template; readonly is: 'absent' | 'word' | 'id' };

/** A set-up challenge: answered, never queued. */
export interface Handshake {
  readonly method: Method;
  /**
   * - `verified`: the normal signature must hold first.
   * - `none`: the provider does not sign it; nothing is ever published from it.
   * - `verifyToken`: what this template gives must be the `verify` text of the stored secret (Meta).
   * - `installs`: the provider brings the signing secret itself, unsigned: what this template gives is stored as the source's secret
   *   (Asana, Notion). Only while the source is in set-up (`setup: 'install-secret'`), never over a stored one, and only of a request
   *   without a signature. 16 to 256 characters of RFC 9110's `token68`.
   * - `confirms`: as `verified`, and the provider takes only a call for a yes. The step says which address of the provider's is called;
   *   the answer is given when that has succeeded (Amazon SNS).
   */
  readonly guard:
    | 'verified'
    | 'none'
    | { readonly verifyToken: Template }
    | { readonly installs: Template }
    | { readonly confirms: ConfirmationStep };
  readonly media?: 'json' | 'form';
  /** All must hold; a POST needs at least one. `{body:…}` is a field of the form itself, also where forms carry a document (`formField`). */
  readonly when?: readonly Test[];
  /**
   * What the answer's `{mac}` is made of: the value of this template, in the scheme's own MAC and encoding (Zoom, X). Only short opaque
   * texts (`[A-Za-z0-9_-]`, at most 128) are ever signed, and none of them is accepted as a body: so this signs no delivery.
   */
  readonly mac?: Template;
  readonly answer: HandshakeReply;
}

/** Each is one file of `core/steps/` with this name. */
export const CONFIRMATION_STEPS = ['sns-confirmation'] as const;
export type ConfirmationStep = (typeof CONFIRMATION_STEPS)[number];

/**
 * What is answered: templates are filled from the request; without `json` or `text` the body is empty. A header whose template
 * has no value is left out.
 */
export type HandshakeReply = {
  readonly status: 200 | 202 | 204;
  readonly headers?: Readonly<Record<string, Template>>;
} & (
  | { readonly json: Readonly<Record<string, Template | number>> }
  | { readonly text: Template }
  | { readonly contentType?: string }
);
