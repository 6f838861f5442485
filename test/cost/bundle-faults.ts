/** What a cold start of the ingest function may load, in bytes. Of others see `unwanted`. */
const ALLOWED = { foreign: 205_000, own: 60_000 } as const;

/** What a cold start must not pay for, by the path of the input that brings it. */
const UNWANTED: Readonly<Record<string, RegExp>> = {
  undici: /\/undici\//,
  SSO: /[/-]sso(-oidc)?[/.-]/,
  STS: /[/-]sts[/.-]/,
  'profile files': /[/-]ini[/.-]/,
  XML: /xml/i,
  S3: /\/(client|middleware-sdk)-s3\//,
  zod: /\/zod\//,
  'X-Ray': /x-?ray/i,
};

/** What the processor needs only where a provider's API is asked. */
const FOR_FETCHES: Readonly<Record<string, RegExp>> = {
  'Secrets Manager': /\/client-secrets-manager\//,
  'reading resources': /lib\/core\/api\/|https-api-client/,
};

/** Metrics go out with the log (EMF), so no function has a client for them, not even in a part that is loaded later. */
const METRICS_CLIENT = /\/client-cloudwatch/;

/** The inputs of a bundle, with the bytes each takes in it, as `inputsAtStart` gives them. */
export type Inputs = ReadonlyMap<string, number>;

/** Middy, AWS clients and all else that is not ours. */
export function foreignBytes(inputs: Inputs): number {
  return bytes(inputs, isForeign);
}

export function ownBytes(inputs: Inputs): number {
  return bytes(inputs, (path) => !isForeign(path));
}

/**
 * What is wrong with what the ingest function loads at start; nothing when all is well.
 * @example ingestFaults(inputsAtStart(report)) // ['zod: node_modules/zod/index.js']
 */
export function ingestFaults(inputs: Inputs): readonly string[] {
  const [foreign, own] = [foreignBytes(inputs), ownBytes(inputs)];
  return [
    ...(foreign > ALLOWED.foreign ? [`AWS clients and middy: ${foreign} bytes`] : []),
    ...(own > ALLOWED.own ? [`our own code: ${own} bytes`] : []),
    ...unwantedInputs(inputs, UNWANTED),
    ...[...inputs.keys()].filter(isStep).map((path) => `a step of a provider: ${path}`),
  ];
}

/** The same of the processor, which has no limit of size; SNS still speaks XML. */
export function processFaults(inputs: Inputs): readonly string[] {
  const { XML: _, ...unwanted } = UNWANTED;
  return unwantedInputs(inputs, { ...unwanted, ...FOR_FETCHES });
}

/** A client of CloudWatch among these inputs, whenever they are loaded. */
export function metricsClients(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => METRICS_CLIENT.test(path));
}

function unwantedInputs(inputs: Inputs, unwanted: Readonly<Record<string, RegExp>>): readonly string[] {
  return Object.entries(unwanted).flatMap(([name, form]) =>
    [...inputs.keys()].filter((path) => form.test(path)).map((path) => `${name}: ${path}`),
  );
}

/** Steps are loaded when a source needs them. */
function isStep(path: string): boolean {
  return path.includes('lib/core/steps/') && !path.endsWith('/load-steps.ts');
}

function isForeign(path: string): boolean {
  return path.includes('node_modules/');
}

function bytes(inputs: Inputs, wanted: (path: string) => boolean): number {
  return [...inputs].filter(([path]) => wanted(path)).reduce((sum, [, size]) => sum + size, 0);
}
