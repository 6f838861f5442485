import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Metafile } from 'esbuild';

const declaration = /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s/m;

/**
 * Each bundle holds its own copy of what it imports, so a class of ours in two of them is two classes, and `instanceof`
 * is silently false across them; unless the class itself says what its instances are (`Symbol.hasInstance`).
 *
 * @throws Error that names the file and the bundles.
 */
export async function refuseSharedClasses({ inputs, outputs }: Metafile, root: string): Promise<void> {
  const ours = Object.keys(inputs).filter((path) => path.endsWith('.ts'));
  for (const path of ours) {
    const holders = Object.keys(outputs).filter((output) => outputs[output]?.inputs[path]?.bytesInOutput);
    if (holders.length < 2 || !hasPlainClass(await readFile(resolve(root, path), 'utf8'))) continue;
    throw new Error(
      `${path} declares a class and is in ${holders.join(' and ')}: instanceof fails between them. ` +
        'Import it from one side only (lazily just the module of the AWS client), or let it say by Symbol.hasInstance what its instances are.',
    );
  }
}

function hasPlainClass(code: string): boolean {
  const [, ...classes] = code.split(declaration);
  return classes.some((body) => !/\bstatic (override )?\[Symbol\.hasInstance\]/.test(body));
}
