import fc from 'fast-check';

/** How a handler ends: before its effect or after it. */
const ENDS = ['well', 'throws before', 'throws after', 'dies before', 'dies after'] as const;
export type End = (typeof ENDS)[number];

export const anyEnd: fc.Arbitrary<End> = fc.constantFrom(...ENDS);

/** A handler that ends so. */
export function ending(end: End, effect: () => unknown): () => Promise<void> {
  return async () => {
    if (!end.endsWith('before')) effect();
    if (end.startsWith('throws')) throw new Error('as it was told to');
    if (end.startsWith('dies')) await new Promise(() => undefined);
  };
}

/** What became of a call whose waits are all for things in memory. */
export function outcomeOf(call: Promise<{ readonly kind: string }>): Promise<string> {
  const settled = call.then(
    ({ kind }) => kind,
    () => 'threw',
  );
  const pending = new Promise<string>((resolve) => setImmediate(() => resolve('died')));
  return Promise.race([settled, pending]);
}

/** The outcome of a call whose handler ran and ended so. */
export function outcomeBy(end: End, well: string): string {
  return end === 'well' ? well : end.startsWith('dies') ? 'died' : 'threw';
}
