/**
 * Runs `work` over all items, at most `width` at a time; results in the order of the items. The first error ends it.
 * @example await parallel(keys, 50, (key) => ledger.write(claim(key)))
 */
export async function parallel<In, Out>(
  items: readonly In[],
  width: number,
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
