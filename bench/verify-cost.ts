import type { Provider } from '../lib/core/provider.ts';
import { verify } from '../lib/core/scheme.ts';
import type { SigningSecret } from '../lib/core/secret.ts';
import { loadSteps } from '../lib/core/steps/load-steps.ts';
import { providers } from '../lib/providers/index.ts';
import type { ProviderFixture } from '../test/contracts/provider-fixture.ts';
import { urlOf } from '../test/contracts/signed-request.ts';
import { cpuMicros } from './cpu-micros.ts';
import { cryptoCalls } from './crypto-calls.ts';
import { type Length, type Measurement, ratio } from './measurement.ts';
import { median } from './median.ts';

/** A real delivery of the provider, and what it takes to check it. */
interface Check {
  readonly provider: Provider;
  readonly bytes: number;
  readonly verify: () => Promise<unknown>;
  /** The calls of node:crypto alone. */
  readonly bare: () => void;
  /** What they are: `HMAC-sha256`, `2 × sha256`. */
  readonly calls: string;
}

/** What verification costs beside the MAC or signature check that it cannot do without, for each provider. */
export async function verifyCost(length: Length): Promise<Measurement> {
  const rounds = length === 'quick' ? 3 : 15;
  const rows: (readonly string[])[] = [];
  for (const provider of providers) {
    const check = await checkOf(provider);
    const taken = { bare: [] as number[], verify: [] as number[] };
    const runs = length === 'quick' ? 300 : 1_500;
    // The first rounds warm the compiler up.
    for (let round = -2; round < rounds; round += 1) {
      const bare = await cpuMicros(runs, check.bare);
      const whole = await cpuMicros(runs, check.verify);
      if (round < 0) continue;
      taken.bare.push(bare);
      taken.verify.push(whole);
    }
    const [bare, whole] = [median(taken.bare), median(taken.verify)];
    rows.push([
      provider.title,
      String(check.bytes),
      check.calls,
      bare.toFixed(1),
      whole.toFixed(1),
      ratio(whole, bare),
    ]);
  }
  return {
    title: 'Verification of a delivery ÷ its bare MAC or signature check',
    how: `process.cpuUsage() over ${length === 'quick' ? 'some' : 'many'} warm verifications of a delivery of each provider, one secret at hand; beside it the same calls of node:crypto alone, keys at hand. Medians of ${rounds} rounds, in turn.`,
    columns: ['', 'body bytes', 'node:crypto', 'bare µs', 'verify µs', '÷ bare'],
    rows,
  };
}

async function checkOf(provider: Provider): Promise<Check> {
  const { fixture }: { readonly fixture: ProviderFixture } = await import(
    `../test/fixtures/${provider.name}.ts`
  );
  const [{ request }] = fixture.samples;
  const steps = await loadSteps(provider);
  const once = async (): Promise<unknown> => {
    const answer = await verify({
      request,
      url: urlOf(fixture.publicUrl, request),
      scheme: provider.scheme,
      secrets: { signing: [{ secret: fixture.secret as SigningSecret, age: 'newest' }] },
      steps,
      ...(fixture.certificates === undefined ? {} : { certificates: fixture.certificates }),
    });
    if (answer.kind === 'rejected') throw new Error(`${provider.name}: ${answer.explanation}`);
    return answer;
  };
  // Keys and templates are read once.
  await once();
  const calls = await cryptoCalls(once);
  if (calls.length === 0) throw new Error(`${provider.name} was verified without any check`);
  const names = Map.groupBy(calls, ({ name }) => name);
  return {
    provider,
    bytes: request.body.length,
    verify: once,
    bare: () => {
      for (const { again } of calls) again();
    },
    calls: [...names]
      .map(([name, same]) => (same.length === 1 ? name : `${same.length} × ${name}`))
      .join(', '),
  };
}
