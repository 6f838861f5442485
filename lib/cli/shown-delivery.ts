import type { Headers } from '../core/request.ts';
import type { SignedParts } from '../core/step.ts';

/** A delivery as it may be shown: of what the scheme has added only the beginning, and nothing of a secret wherever it stands. */
export interface ShownDelivery {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * @param signed what the scheme has added. A value that is the message's id stays whole.
 * @example shownDelivery({ url, headers, body }, { signed, secret, id }).headers['x-hub-signature-256'] // 'sha256=7221eb…'
 */
export function shownDelivery(
  { url, headers, body }: { readonly url: string; readonly headers: Headers; readonly body: Buffer },
  proof: { readonly signed: SignedParts; readonly secret: string; readonly id: string },
): ShownDelivery {
  const conceal = concealer(proof.secret);
  const shown = Object.entries(headers).map(([name, value]) => {
    const isProof = Object.hasOwn(proof.signed.headers, name) && value !== proof.id;
    return [name, isProof ? shortened(conceal(value)) : conceal(value)] as const;
  });
  return { url: conceal(url), headers: Object.fromEntries(shown), body: conceal(body.toString('utf8')) };
}

/** A token is the secret as it stands, in a header, a URL or a body; Basic has it in base64. */
function concealer(secret: string): (text: string) => string {
  const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '…'), text);
}

/** Six characters tell two signatures apart; all of it would be good for whoever reads along to send the delivery again. */
function shortened(value: string): string {
  return value.replace(/[0-9A-Za-z+/_-]{16,}={0,2}/g, (run) => `${run.slice(0, 6)}…`);
}
