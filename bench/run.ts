import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { coldStart } from './cold-start.ts';
import { handlerCpu } from './handler-cpu.ts';
import { importCpu } from './import-cpu.ts';
import { localRunner } from './local-runner.ts';
import { type Length, type Measurement, toMarkdown, toText } from './measurement.ts';
import { reconciliation } from './reconciliation.ts';
import { verifyCost } from './verify-cost.ts';

const MEASUREMENTS: Readonly<Record<string, (length: Length) => Promise<Measurement>>> = {
  'cold-start': coldStart,
  'import-cpu': importCpu,
  'handler-cpu': handlerCpu,
  reconciliation,
  'verify-cost': verifyCost,
  'local-runner': localRunner,
};

const USAGE = `npm run bench -- [--quick] [--markdown] [MEASUREMENT …]

Measures what the functions cost: ${Object.keys(MEASUREMENTS).join(', ')}. By default all, one after the other.
  --quick     a look in half a minute, with fewer rounds
  --markdown  tables as docs/cost.md has them`;

async function bench(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `No measurement ${unknown.join(', ')}.\n\n${USAGE}` : USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const [{ model = 'unknown CPU' } = {}, ...others] = cpus();
  console.log(
    `Node ${process.version} on ${others.length + 1} × ${model.trim()}, ${process.platform} ${process.arch}`,
  );
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const measurement = await measure(values.quick ? 'quick' : 'full');
    console.log(`\n${values.markdown ? toMarkdown(measurement) : toText(measurement)}`);
  }
}

await bench();
