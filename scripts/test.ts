import { installOracles } from './install-oracles.ts';
import { run, runTool } from './run.ts';

const build = (): Promise<number> => run(process.execPath, ['scripts/build.ts']);
const vitest = (): Promise<number> => runTool('vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);

for (const step of [installOracles, build, vitest]) {
  process.exitCode = await step();
  if (process.exitCode !== 0) break;
}
