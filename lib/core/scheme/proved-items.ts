import { keepItems } from '../json-items.ts';
import type { JsonPath, JsonSpan } from '../json-span.ts';
import { type Rejection, rejected } from '../rejection.ts';
import type { Request } from '../request.ts';
import type { Proof } from '../step.ts';

/** An item of a body, and what its own proof came to; without a span it lies in no array. */
export interface JudgedItem {
  readonly span: JsonSpan | undefined;
  readonly proof: Proof | Rejection;
}

/**
 * The proof of a body whose items prove themselves each. One that does not is taken out, so that it neither comes in with the others nor
 * keeps them out; `older` as soon as one of them is. Where none does, the refusal of the first that has a wrong proof, else of the first.
 * @param path to the items: it ends in `*`.
 */
export function provedItems(
  { request, text, path }: { readonly request: Request; readonly text: string; readonly path: JsonPath },
  items: readonly JudgedItem[],
): Proof | Rejection {
  const proofs = items.map(({ proof }) => proof);
  const ages = proofs.flatMap((proof) => (proof.kind === 'proved' ? [proof.age] : []));
  const refusals = proofs.filter((proof) => proof.kind === 'rejected');
  // What lies in no array cannot be taken out of one.
  if (ages.length === 0 || items.some(({ span }) => span === undefined))
    return (
      refusals.find(({ reason }) => reason === 'wrong-signature') ??
      refusals[0] ??
      rejected('missing-signature', 'the body has no item that could prove its origin')
    );
  const age = ages.includes('older') ? 'older' : 'newest';
  if (refusals.length === 0) return { kind: 'proved', age };
  const kept = new Set(
    items.flatMap(({ span, proof }) => (span && proof.kind === 'proved' ? [span.start] : [])),
  );
  const body = Buffer.from(keepItems(text, path, ({ start }) => kept.has(start)));
  return { kind: 'proved', age, request: { ...request, body }, dropped: refusals.length };
}
