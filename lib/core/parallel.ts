/**
 * Runs `work` over all items, at most `width` at a time; results in the order of the items.
 * The first error ends it: no item is begun after it, and what is under way is awaited, so that nothing goes on behind the caller's back.
 * @example await parallel(keys, 50, (key) => ledger.write(claim(key)))
 */
export async function parallel<In, Out>(
  items: readonly In[],
  width: number,
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  const errors: unknown[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (errors.length > 0) throw errors[0];
  return results;
}
