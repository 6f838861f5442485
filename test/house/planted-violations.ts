/** A file that breaks one rule of biome.json, and what lint must say of it. */
export interface Plant {
  readonly what: string;
  readonly path: string;
  readonly source: string;
  readonly rule: string;
  readonly says?: string;
}

/** A file that lint must let pass. */
export type Allowed = Pick<Plant, 'what' | 'path' | 'source'>;

const importOf = (...specifiers: string[]): string =>
  specifiers.map((specifier, n) => `export * as of${n} from '${specifier}';`).join('\n');

let count = 0;
const forbidden = (folder: string, specifier: string, says?: string): Plant => ({
  what: `${folder} importing ${specifier}`,
  path: folder.endsWith('.ts') ? folder : `${folder}/plant-${count++}.ts`,
  source: importOf(specifier),
  rule: 'noRestrictedImports',
  ...(says === undefined ? {} : { says }),
});

const layers: readonly Plant[] = [
  ...[
    '../aws/x.ts',
    '../providers/x.ts',
    '../local/x.ts',
    '../index.ts',
    '@aws-sdk/client-sqs',
    '@middy/core',
  ].map((specifier) => forbidden('lib/core', specifier, 'core is pure')),
  ...[
    'aws-cdk-lib',
    'commander',
    'node:fs',
    'node:crypto',
    'node:zlib',
    './../aws/x.ts',
    './steps/../../aws/x.ts',
  ].map((specifier) => forbidden('lib/core', specifier, 'core is pure')),
  {
    what: 'core importing aws dynamically',
    path: 'lib/core/dynamic.ts',
    source: "export const load = (): Promise<unknown> => import('../aws/x.ts');",
    rule: 'noRestrictedImports',
  },
  {
    what: 'core importing a type of aws',
    path: 'lib/core/type-only.ts',
    source: "import type { X } from '../aws/x.ts';\n\nexport type Y = X;",
    rule: 'noRestrictedImports',
  },
  forbidden('lib/core/scheme-plant.ts', 'node:zlib', 'node:crypto in scheme'),
  forbidden('lib/core/scheme', 'node:zlib', 'node:crypto in scheme'),
  forbidden('lib/core/scheme', '../../aws/x.ts', 'node:crypto in scheme'),
  forbidden('lib/core/source', '../../aws/x.ts', 'core is pure'),
  forbidden('lib/core/source', 'node:crypto', 'core is pure'),
  forbidden('lib/core/source', '../steps/../../aws/x.ts', 'core is pure'),
  forbidden('lib/core/steps', 'node:fs', 'node:zlib in steps/'),
  forbidden('lib/core/steps', '../../aws/x.ts', 'node:zlib in steps/'),
  ...[
    '../aws/x.ts',
    '../local/x.ts',
    '../cdk.ts',
    'node:crypto',
    '@aws-sdk/client-sqs',
    '@middy/core',
    'commander',
  ].map((specifier) => forbidden('lib/providers', specifier, 'A provider is a value')),
  ...[
    '../providers/x.ts',
    '../local/x.ts',
    '../cli/x.ts',
    '../constructs/x.ts',
    '../index.ts',
    'aws-cdk-lib',
    'constructs',
  ].map((specifier) => forbidden('lib/aws', specifier, 'aws imports core')),
  ...['../aws/x.ts', '../local/x.ts', '../cli/x.ts', '../index.ts', '@aws-sdk/client-sqs', '@middy/core'].map(
    (specifier) => forbidden('lib/constructs', specifier, 'constructs imports core'),
  ),
  ...[
    '../providers/x.ts',
    '../cli/x.ts',
    '../constructs/x.ts',
    '../cdk.ts',
    '../../providers/x.ts',
    '../core/../providers/x.ts',
  ].map((specifier) => forbidden('lib/local', specifier, 'local imports local, aws and core')),
  forbidden('lib/local', 'aws-cdk-lib/aws-sqs', 'import the CDK'),
  forbidden('lib/local', 'constructs', 'import the CDK'),
  forbidden('lib/cli', '../constructs/x.ts', 'cli imports neither'),
  forbidden('lib/cli', '../cdk.ts', 'cli imports neither'),
  forbidden('lib/cli', 'aws-cdk-lib', 'cli imports neither'),
  forbidden('lib/cli', '@aws-sdk/client-sqs', 'import AWS clients'),
  forbidden('lib/cli', '@middy/core', 'import AWS clients'),
  ...[
    '../lib/providers/x.ts',
    '../lib/local/x.ts',
    '../lib/index.ts',
    '@aws-sdk/client-sqs',
    '@middy/core',
    'aws-cdk-lib',
  ].map((specifier) => forbidden('functions', specifier, 'A function wires')),
  forbidden('lib/index.ts', './aws/x.ts', 'core and providers only'),
  forbidden('lib/events.ts', './providers/x.ts', 'core and aws only'),
  forbidden('lib/cdk.ts', './aws/x.ts', 'core and constructs only'),
  forbidden('bin', 'aws-cdk-lib', 'import the CDK'),
  forbidden('bin', 'constructs', 'import the CDK'),
  forbidden('bin', '@aws-sdk/client-sqs', 'import AWS clients'),
  forbidden('bin/app.ts', '@aws-sdk/client-sqs', 'import AWS clients'),
  forbidden('lib/a-new-layer', '@middy/core', 'import AWS clients'),
];

const purity: readonly Plant[] = [
  ...['process', 'fetch', 'crypto', 'performance', 'setTimeout', 'setInterval', 'setImmediate'].map(
    (name) => ({
      what: `core using the global ${name}`,
      path: `lib/core/global-${name.toLowerCase()}.ts`,
      source: `export const found: unknown = ${name};`,
      rule: 'noRestrictedGlobals',
    }),
  ),
  {
    what: 'core reading the clock',
    path: 'lib/core/clock.ts',
    source: 'export const now = (): number => Date.now();',
    rule: 'noJsRestrictedProperties',
  },
  {
    what: 'a provider rolling dice',
    path: 'lib/providers/dice.ts',
    source: 'export const dice = (): number => Math.random();',
    rule: 'noJsRestrictedProperties',
  },
];

const deepBranches = (depth: number): string =>
  depth === 0 ? 'return n;' : `if (n > ${depth}) {\n${deepBranches(depth - 1)}\n}`;

const rules: readonly Plant[] = [
  {
    what: 'any',
    path: 'lib/core/any.ts',
    source: 'export const f = (x: any): string => String(x);',
    rule: 'noExplicitAny',
  },
  {
    what: 'a non-null assertion',
    path: 'lib/core/non-null.ts',
    source: 'export const f = (x: string | undefined): string => x!;',
    rule: 'noNonNullAssertion',
  },
  {
    what: 'a floating promise',
    path: 'lib/aws/floating.ts',
    source: 'async function go(): Promise<number> {\n  return 1;\n}\nexport function f(): void {\n  go();\n}',
    rule: 'noFloatingPromises',
  },
  {
    what: 'a floating promise of an imported function',
    path: 'lib/aws/floating-import.ts',
    source: "import { go } from './go.ts';\n\nexport function f(): void {\n  go();\n}",
    rule: 'noFloatingPromises',
  },
  {
    what: 'a promise as a condition',
    path: 'lib/aws/misused.ts',
    source:
      'async function go(): Promise<boolean> {\n  return true;\n}\nexport function f(): number {\n  if (go()) return 1;\n  return 2;\n}',
    rule: 'noMisusedPromises',
  },
  {
    what: 'an await of what is no promise',
    path: 'lib/aws/await.ts',
    source: 'export async function f(n: number): Promise<number> {\n  return (await n) + 1;\n}',
    rule: 'useAwaitThenable',
  },
  {
    what: 'a switch that forgets a case',
    path: 'lib/core/switch.ts',
    source:
      "export function f(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n      break;\n  }\n}",
    rule: 'useExhaustiveSwitchCases',
  },
  {
    what: 'a switch over an imported union that forgets a case',
    path: 'lib/core/switch-import.ts',
    source:
      "import type { Shape } from './shape.ts';\n\nexport function f(shape: Shape): number {\n  switch (shape.kind) {\n    case 'round':\n      return 1;\n  }\n  return 2;\n}",
    rule: 'useExhaustiveSwitchCases',
  },
  {
    what: 'an import cycle, seen from one side',
    path: 'lib/core/chicken.ts',
    source:
      "import { egg } from './egg.ts';\n\nexport const chicken = (n: number): number => (n === 0 ? 0 : egg(n - 1));",
    rule: 'noImportCycles',
  },
  {
    what: 'an import cycle, seen from the other side',
    path: 'lib/core/egg.ts',
    source:
      "import { chicken } from './chicken.ts';\n\nexport const egg = (n: number): number => (n === 0 ? 0 : chicken(n - 1));",
    rule: 'noImportCycles',
  },
  ...['lib/core', 'lib/aws', 'functions', 'test'].map((folder) => ({
    what: 'a word to the console',
    path: `${folder}/console.ts`,
    source: "console.log('hello');",
    rule: 'noConsole',
  })),
  {
    what: 'a function too tangled to follow',
    path: 'lib/core/tangled.ts',
    source: `export function f(n: number): number {\n${deepBranches(6)}\nreturn 0;\n}`,
    rule: 'noExcessiveCognitiveComplexity',
  },
  {
    what: 'a function too long to see at once',
    path: 'lib/core/long.ts',
    source: `export function f(list: number[]): void {\n${'  list.push(1);\n'.repeat(60)}}`,
    rule: 'noExcessiveLinesPerFunction',
  },
  {
    what: 'lib importing a development dependency',
    path: 'lib/local/development.ts',
    source: importOf('fast-check'),
    rule: 'noUndeclaredDependencies',
  },
  {
    what: 'a script importing what package.json does not name',
    path: 'scripts/undeclared.ts',
    source: importOf('left-pad'),
    rule: 'noUndeclaredDependencies',
  },
  {
    what: 'an unused parameter',
    path: 'lib/core/parameter.ts',
    source: 'export const f = (x: number): number => 1;',
    rule: 'noUnusedFunctionParameters',
  },
  {
    what: 'an unused import',
    path: 'lib/core/unused-import.ts',
    source: "import { x } from './shape.ts';",
    rule: 'noUnusedImports',
  },
  {
    what: 'an unused variable',
    path: 'lib/core/variable.ts',
    source: 'const x = 1;',
    rule: 'noUnusedVariables',
  },
  {
    what: 'an import without its ending',
    path: 'lib/core/ending.ts',
    source: importOf('./shape'),
    rule: 'useImportExtensions',
  },
  {
    what: 'an error that drops its cause',
    path: 'lib/aws/cause.ts',
    source:
      "export function f(g: (cause?: unknown) => void): void {\n  try {\n    g();\n  } catch (error) {\n    g(error);\n    throw new Error('failed');\n  }\n}",
    rule: 'useErrorCause',
  },
  {
    what: 'a file name that is not kebab-case',
    path: 'lib/core/camelCase.ts',
    source: 'export const x = 1;',
    rule: 'useFilenamingConvention',
  },
  {
    what: 'a type imported as a value',
    path: 'lib/core/import-type.ts',
    source: "import { Shape } from './shape.ts';\n\nexport type Copy = Shape;",
    rule: 'useImportType',
  },
  {
    what: 'a built-in without node:',
    path: 'lib/local/built-in.ts',
    source: importOf('fs'),
    rule: 'useNodejsImportProtocol',
  },
  {
    what: 'a thrown value that is no Error',
    path: 'lib/core/throw.ts',
    source: "export function f(): never {\n  throw 'no';\n}",
    rule: 'useThrowOnlyError',
  },
  {
    what: 'a focused test',
    path: 'test/focused.test.ts',
    source: "import { test } from 'vitest';\n\ntest.only('x', () => undefined);",
    rule: 'noFocusedTests',
  },
  {
    what: 'a skipped test',
    path: 'test/skipped.test.ts',
    source: "import { test } from 'vitest';\n\ntest.skip('x', () => undefined);",
    rule: 'noSkippedTests',
  },
];

export const planted: readonly Plant[] = [...layers, ...purity, ...rules];

const passes = (path: string, ...specifiers: string[]): Allowed => ({
  what: `${path.slice(0, path.lastIndexOf('/'))} importing ${specifiers.join(', ')}`,
  path,
  source: importOf(...specifiers),
});

export const allowed: readonly Allowed[] = [
  passes('lib/core/allowed.ts', './shape.ts', './steps/allowed.ts', './scheme/allowed.ts'),
  passes('lib/core/scheme-allowed.ts', './shape.ts', 'node:crypto'),
  passes('lib/core/source/allowed.ts', './x.ts', '../shape.ts', '../scheme/allowed.ts'),
  passes('lib/core/scheme/allowed.ts', './x.ts', '../shape.ts', 'node:crypto'),
  passes(
    'lib/core/steps/allowed.ts',
    './x.ts',
    '../shape.ts',
    '../scheme/allowed.ts',
    'node:crypto',
    'node:zlib',
  ),
  passes('lib/providers/allowed.ts', './x.ts', '../core/shape.ts', '../core/steps/allowed.ts'),
  passes(
    'lib/aws/allowed.ts',
    '../core/shape.ts',
    '@aws-sdk/client-sqs',
    '@middy/core',
    'node:crypto',
    'node:fs/promises',
  ),
  {
    what: 'aws importing the types of Lambda events',
    path: 'lib/aws/types-allowed.ts',
    source: "import type { SQSEvent } from 'aws-lambda';\n\nexport type Batch = SQSEvent;",
  },
  passes(
    'lib/constructs/allowed.ts',
    '../core/shape.ts',
    '../providers/allowed.ts',
    'aws-cdk-lib',
    'aws-cdk-lib/aws-sqs',
    'constructs',
    'node:path',
  ),
  passes(
    'lib/local/allowed.ts',
    './x.ts',
    '../core/shape.ts',
    '../aws/allowed.ts',
    'fauxqs',
    'dynalite',
    '@aws-sdk/client-sqs',
    '@middy/core',
    'node:http',
  ),
  passes('lib/local/console/allowed.ts', './x.ts', '../x.ts', '../../core/shape.ts'),
  passes(
    'lib/cli/allowed.ts',
    '../core/shape.ts',
    '../aws/allowed.ts',
    '../providers/allowed.ts',
    '../local/allowed.ts',
    'commander',
    'node:fs',
  ),
  passes('functions/allowed.ts', '../lib/aws/allowed.ts', '../lib/core/shape.ts', 'node:fs'),
  passes('bin/allowed.ts', '../lib/local/allowed.ts', '../lib/cli/allowed.ts', '../lib/index.ts'),
  passes(
    'test/allowed.ts',
    '../lib/constructs/allowed.ts',
    'aws-cdk-lib',
    '@aws-sdk/client-sqs',
    'fast-check',
  ),
  ...['bin', 'lib/cli', 'lib/local', 'scripts', 'bench', 'examples'].map((folder) => ({
    what: 'a word to the console',
    path: `${folder}/console.ts`,
    source: "console.log('hello');",
  })),
  {
    what: 'a switch that names every case of an imported union',
    path: 'lib/core/shape-switch.ts',
    source:
      "import type { Shape } from './shape.ts';\n\nexport function f(shape: Shape): number {\n  switch (shape.kind) {\n    case 'round':\n      return 1;\n    case 'square':\n      return 2;\n  }\n}",
  },
  {
    what: 'the union it names',
    path: 'lib/core/shape.ts',
    source:
      "export const x = 1;\nexport type Shape = { readonly kind: 'round' } | { readonly kind: 'square' };",
  },
  {
    what: 'the promise that floats elsewhere',
    path: 'lib/aws/go.ts',
    source: 'export async function go(): Promise<number> {\n  return 1;\n}',
  },
];
