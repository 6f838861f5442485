import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import cdk from '../../cdk.json' with { type: 'json' };
import { BUNDLES_CONTEXT } from '../../lib/constructs/bundled-function.ts';

const root = join(import.meta.dirname, '../..');

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
}

/** `bin/app.ts`, synthesized as `cdk synth` does it, with no argument. */
export interface SynthesizedApp {
  readonly template: Template;
  /** Copies a function's asset to a folder. */
  copyAsset(name: 'Ingest' | 'Process', to: string): Promise<void>;
  /**
   * A function's environment as the template has it, with what only a deployment knows filled in.
   * @param known by logical id without hash, for an attribute with `.` and its name: `ReceiverLedgerTable`.
   */
  environment(name: 'Ingest' | 'Process', known: Readonly<Record<string, string>>): Record<string, string>;
}

/** Throws with what the app wrote when it fails, findings of cdk-nag included. */
export async function synthesizeApp(bundles: string, outdir: string): Promise<SynthesizedApp> {
  const context = JSON.stringify({ ...cdk.context, [BUNDLES_CONTEXT]: bundles });
  await promisify(execFile)(process.execPath, ['bin/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context },
  });
  const template = JSON.parse(await readFile(join(outdir, 'Headgate.template.json'), 'utf8')) as Template;
  const properties = (name: string): FunctionProperties => {
    const [found] = Object.entries(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`Receiver${name}`),
    );
    if (found === undefined) throw new Error(`the template has no function ${name}`);
    return found[1].Properties as unknown as FunctionProperties;
  };
  return {
    template,
    copyAsset: (name, to) => {
      const asset = `asset.${properties(name).Code.S3Key.replace(/\.zip$/, '')}`;
      return cp(join(outdir, asset), to, { recursive: true });
    },
    environment: (name, known) =>
      Object.fromEntries(
        Object.entries(properties(name).Environment.Variables).map(([key, value]) => [
          key,
          resolve(value, known),
        ]),
      ),
  };
}

/** What CloudFormation makes of a value. */
function resolve(value: unknown, known: Readonly<Record<string, string>>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('Fn::Join' in value) {
      const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
      return parts.map((part) => resolve(part, known)).join(separator);
    }
    const [id = '', ...attribute] =
      'Fn::GetAtt' in value ? (value['Fn::GetAtt'] as string[]) : [String((value as { Ref?: unknown }).Ref)];
    const name = [id.replace(/[0-9A-F]{8}$/, ''), ...attribute].join('.');
    const found = known[name];
    if (found !== undefined) return found;
    throw new Error(`the test knows no value for ${name}`);
  }
  throw new Error(`not a value of an environment: ${JSON.stringify(value)}`);
}
