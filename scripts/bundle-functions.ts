import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { builtInModules, type LazyModule, lazyModules, leaveOut } from './bundle-plugins.ts';
import { project } from './run.ts';
import { refuseSharedClasses } from './shared-classes.ts';

/** Each Lambda function and its entry point, from the project's root. */
const functionEntries: Readonly<Record<string, string>> = {
  ingest: 'functions/ingest.ts',
  process: 'functions/process.ts',
};

export interface BundleOptions {
  /** Where bundles go: `<outdir>/<name>/index.mjs`. Default: `dist/functions` of the project. */
  readonly outdir?: string;
  /** Entry points by function name, from `root`. Default: `functionEntries`. */
  readonly functions?: Readonly<Record<string, string>>;
  /** Default: the project's own root. */
  readonly root?: string;
}

/** What esbuild says of a function's files: `inputs` and `outputs`, with sizes in bytes, paths from the root. */
export type BundleReport = Metafile;

const settings = (root: string): BuildOptions => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'silent',
  outExtension: { '.js': '.mjs' },
  alias: {
    '@aws-sdk/credential-provider-node': join(project, 'lib/aws/environment-credentials.ts'),
  },
});

/**
 * One file for the entry and one for each module of ours that it imports dynamically, each complete in itself.
 *
 * esbuild's own splitting is not used: it moves every file that two chunks share, whole, into what the entry loads at
 * start. With the S3 client in a chunk that was 40 KB more for each cold start, XML parser included.
 */
async function bundleFunction(
  name: string,
  entry: string,
  root: string,
  outdir: string,
): Promise<BundleReport> {
  const folder = join(outdir, name);
  await rm(folder, { recursive: true, force: true });
  const modules: LazyModule[] = [{ output: 'index', file: join(root, entry) }];
  const report: BundleReport = { inputs: {}, outputs: {} };
  // The list grows while it is walked: a bundle names the modules that it imports lazily.
  for (const { output, file } of modules) {
    const {
      outputFiles = [],
      metafile,
      warnings,
    } = await build({
      ...settings(root),
      entryPoints: { [output]: file },
      outdir: folder,
      plugins: [builtInModules(), leaveOut(), lazyModules(output, modules)],
    });
    if (warnings.length > 0) throw new Error(`esbuild warns: ${warnings.map(({ text }) => text).join('; ')}`);
    Object.assign(report.inputs, metafile?.inputs);
    Object.assign(report.outputs, metafile?.outputs);
    for (const { path, text } of outputFiles) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }
  await refuseSharedClasses(report, root);
  await writeFile(join(outdir, `${name}.meta.json`), `${JSON.stringify(report, null, 1)}\n`);
  return report;
}

/**
 * Bundles the Lambda functions, and writes beside each folder what is in it (`<name>.meta.json`).
 *
 * @returns one report for each function, by name.
 * @example const reports = await bundleFunctions({ outdir: await mkdtemp('/tmp/bundles-') });
 */
export async function bundleFunctions({
  root = project,
  outdir = join(root, 'dist/functions'),
  functions = functionEntries,
}: BundleOptions = {}): Promise<ReadonlyMap<string, BundleReport>> {
  const reports = await Promise.all(
    Object.entries(functions).map(
      async ([name, entry]) => [name, await bundleFunction(name, entry, root, outdir)] as const,
    ),
  );
  return new Map(reports);
}

/** The inputs of the file that Lambda loads at start, with the bytes each takes in it. */
export function inputsAtStart(report: BundleReport): ReadonlyMap<string, number> {
  const start = Object.entries(report.outputs).find(([path]) => path.endsWith('/index.mjs'));
  if (start === undefined) throw new Error('The report names no index.mjs: is it of a bundled function?');
  return new Map(Object.entries(start[1].inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput]));
}
