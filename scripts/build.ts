import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFunctions } from './bundle-functions.ts';
import { project, runTool } from './run.ts';

/** The package's JavaScript and declarations, in `dist/lib` and `dist/bin`. Resolves to tsc's exit code. */
async function emitLibrary(): Promise<number> {
  await Promise.all(
    ['lib', 'bin'].map((folder) => rm(join(project, 'dist', folder), { recursive: true, force: true })),
  );
  return runTool('typescript/bin/tsc', ['--project', 'tsconfig.build.json']);
}

const [code] = await Promise.all([emitLibrary(), bundleFunctions()]);
process.exitCode = code;
