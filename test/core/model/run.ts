/**
 * The large search: `node --max-old-space-size=12000 test/core/model/run.ts [words of a title]`.
 * Prints one line a scenario, and the shortest way to whatever is broken.
 */
import { explore } from './explore.ts';
import { real } from './protocol.ts';
import { LARGE_SCENARIOS, SCENARIOS } from './scenarios.ts';

const wanted = process.argv.slice(2).join(' ');
let broken = 0;
for (const scenario of [...SCENARIOS, ...LARGE_SCENARIOS].filter(({ title }) => title.includes(wanted))) {
  const begun = performance.now();
  const result = explore({ scenario, protocol: real, interleaving: 'independent steps at once' });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (result.kind === 'holds') {
    process.stdout.write(
      `holds     ${result.states} states, ${result.transitions} steps, ${seconds} s: ${scenario.title}\n`,
    );
  } else {
    broken += 1;
    process.stdout.write(
      `VIOLATED  ${scenario.title}\n  ${[result.promise, ...result.trace].join('\n  ')}\n`,
    );
  }
}
process.exitCode = broken === 0 ? 0 : 1;
