import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOracles } from './install-oracles.ts';
import { run, runTool } from './run.ts';

/** Packs the package, which builds it, and looks at what a user would install. */
async function checkPackage(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-pack-'));
  try {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder]);
    if (packed !== 0) return packed;
    const [tarball = ''] = await readdir(folder);
    const path = join(folder, tarball);
    const codes = [
      await runTool('publint/src/cli.js', ['run', path, '--strict']),
      await runTool('@arethetypeswrong/cli/dist/index.js', [path, '--profile', 'esm-only', '--no-summary']),
    ];
    return Math.max(...codes);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const checks: Readonly<Record<string, () => Promise<number>>> = {
  // tsc reads the oracles' types.
  oracles: installOracles,
  tsc: () => runTool('typescript/bin/tsc', []),
  biome: () => runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  knip: () => runTool('knip/bin/knip.js', []),
  package: checkPackage,
};

const failed: string[] = [];
for (const [name, check] of Object.entries(checks)) {
  console.log(`\n── ${name}`);
  if ((await check()) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\ncheck: all clean' : `\ncheck: failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
