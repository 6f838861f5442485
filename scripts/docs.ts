import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';
import { project } from './run.ts';

/** Whatever else is in it was written for a provider that is gone. */
const FOLDER = 'providers';

const docs = join(project, 'docs');
const pages = await generatedDocs();
await mkdir(join(docs, FOLDER), { recursive: true });
for (const name of await readdir(join(docs, FOLDER))) {
  if (!pages.has(`${FOLDER}/${name}`)) await rm(join(docs, FOLDER, name), { recursive: true });
}
for (const [path, text] of pages) {
  await mkdir(dirname(join(docs, path)), { recursive: true });
  await writeFile(join(docs, path), text);
}
console.log(`docs: ${pages.size} files written`);
