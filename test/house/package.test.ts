import { execFile } from 'node:child_process';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(root, path), 'utf8'));
const manifest = await read<Manifest>('package.json');
const faces = Object.entries(manifest.exports).flatMap(([face, target]) =>
  typeof target === 'string' ? [] : [{ face, ...target }],
);

/** Evaluates JavaScript in the package's root by a process of its own, whose answer is JSON on its output. */
async function evaluate<T>(script: string): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
  });
  return JSON.parse(stdout);
}

/** The files that importing a face loads, as URLs, and the names that it exports. */
function load(face: string): Promise<{ names: string[]; loaded: string[] }> {
  const specifier = join('headgate', face);
  return evaluate(`
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const names = Object.keys(await import(${JSON.stringify(specifier)}));
    console.log(JSON.stringify({ names, loaded }));`);
}

describe('the package', () => {
  test.each(['package.json', 'test/oracles/package.json'])('%s pins every version exactly', async (path) => {
    const { dependencies, devDependencies } = await read<Manifest>(path);
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.length).toBeGreaterThan(5);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test.each(faces)('$face is built from a module of lib', async ({ types, default: code }) => {
    const source = code.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts');
    await access(join(root, source));
    expect(types).toBe(code.replace(/\.js$/, '.d.ts'));
  });

  test.each(faces)(
    '$face can be imported from what `npm run build` made',
    async ({ face, default: code, types }) => {
      const { names, loaded } = await load(face);
      expect(names).not.toEqual([]);
      expect(loaded).toContain(pathToFileURL(join(root, code)).href);
      await access(join(root, types));
    },
  );

  test('its faces for sources and for subscribers load no CDK', async () => {
    for (const face of ['.', './events']) {
      const { loaded } = await load(face);
      expect(loaded.filter((url) => /\/node_modules\/(aws-cdk-lib|constructs)\//.test(url))).toEqual([]);
    }
  });

  test('its face for sources loads no AWS client', async () => {
    const { loaded } = await load('.');
    expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([]);
  });

  test('its command is an executable file without a build', async () => {
    const launcher = manifest.bin.headgate ?? expect.fail('package.json names no command headgate');
    expect(launcher).toMatch(/^scripts\/.*\.js$/);
    expect((await stat(join(root, launcher))).mode & 0o111).toBe(0o111);
    expect(await readFile(join(root, launcher), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('it holds what is needed at run time, and no TypeScript, test or report', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
    });
    const packed: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
    expect(packed).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        'scripts/headgate.js',
        'dist/bin/headgate.js',
        'dist/functions/ingest/index.mjs',
        'dist/functions/process/index.mjs',
      ]),
    );
    expect(
      packed.filter((path) => /(^|[^d])\.ts$|(^|\/)(test|node_modules)\/|\.meta\.json$/.test(path)),
    ).toEqual([]);
  });
});

describe('the repository', () => {
  const made = ['.git', '.headgate', 'cdk.context.json', 'cdk.out', 'coverage', 'dist', 'node_modules'];

  test('has at its top what the design names, and nothing else', async () => {
    const found = (await readdir(root)).filter((name) => !made.includes(name));
    expect(found.sort()).toEqual(
      [
        ...['.ci', '.gitignore', '.npmrc', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md'],
        ...['bench', 'bin', 'docs', 'examples', 'functions', 'lib', 'scripts', 'test'],
        ...['biome.json', 'cdk.json', 'knip.json', 'package-lock.json', 'package.json'],
        ...['tsconfig.build.json', 'tsconfig.json', 'vitest.config.ts'],
      ].sort(),
    );
  });

  test('has the layers of the design in lib, and the faces of the package beside them', async () => {
    expect((await readdir(join(root, 'lib'))).sort()).toEqual(
      [
        ...['aws', 'cli', 'constructs', 'core', 'local', 'providers'],
        ...['cdk.ts', 'events.ts', 'index.ts'],
      ].sort(),
    );
  });

  test('keeps bin and functions to TypeScript', async () => {
    const names = [...(await readdir(join(root, 'bin'))), ...(await readdir(join(root, 'functions')))];
    expect(names.filter((name) => !name.endsWith('.ts'))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['app.ts', 'headgate.ts', 'local.ts', 'sources.ts', 'ingest.ts', 'process.ts']),
    );
  });

  test('records decisions in docs/adr', async () => {
    const records = await readdir(join(root, 'docs/adr'));
    expect(records.length).toBeGreaterThan(0);
    expect(records.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([]);
  });

  test('sets the feature flags that the CDK recommends to a new app', async () => {
    const { context } = await read<{ context: Record<string, unknown> }>('cdk.json');
    expect(context).toEqual(await read('node_modules/aws-cdk-lib/recommended-feature-flags.json'));
  });
});
