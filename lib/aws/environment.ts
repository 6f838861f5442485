import { ConfigurationError } from '../core/errors.ts';
import { parseObject } from '../core/json-object.ts';
import { ENVIRONMENT } from '../core/resources.ts';
import type { Source, SourceName } from '../core/source.ts';

/** A function's environment as Node gives it. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What the ingest function is told. */
export interface IngestEnvironment {
  readonly queueUrl: string;
  readonly bucket: string;
  /** What providers call, without a slash at the end: the beginning of every signed URL. */
  readonly publicUrl: string;
  /** Of each source: the ARN of its secret. */
  readonly secrets: ReadonlyMap<SourceName, string>;
  readonly metricsNamespace: string;
}

/** What the process function is told. */
export interface ProcessEnvironment {
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  readonly table: string;
  readonly topicArn: string;
  readonly bucket: string;
  /** What the source URI of an event begins with. */
  readonly origin: string;
  readonly ledgerRetentionSeconds: number;
  /** Of each source whose provider's API is asked: the ARN of its secret. */
  readonly secrets: ReadonlyMap<SourceName, string>;
  readonly metricsNamespace: string;
}

/**
 * @throws {ConfigurationError} names the variable that is missing or wrong.
 * @example readIngestEnvironment(process.env, sources).publicUrl // 'https://hooks.example.com'
 */
export function readIngestEnvironment(
  variables: EnvironmentVariables,
  sources: readonly Source[],
): IngestEnvironment {
  return {
    queueUrl: readUrl(variables, 'queueUrl'),
    bucket: read(variables, 'bucket'),
    publicUrl: readUrl(variables, 'publicUrl').replace(/\/+$/, ''),
    secrets: readSecrets(variables, sources),
    metricsNamespace: read(variables, 'metricsNamespace'),
  };
}

/** @throws {ConfigurationError} names the variable that is missing or wrong. */
export function readProcessEnvironment(
  variables: EnvironmentVariables,
  sources: readonly Source[],
): ProcessEnvironment {
  const reconciled = sources.filter(({ reconcile }) => reconcile !== undefined);
  return {
    queueUrl: readUrl(variables, 'queueUrl'),
    deadLettersUrl: readUrl(variables, 'deadLettersUrl'),
    table: read(variables, 'table'),
    topicArn: read(variables, 'topicArn'),
    bucket: read(variables, 'bucket'),
    origin: read(variables, 'origin'),
    ledgerRetentionSeconds: readSeconds(variables, 'ledgerRetention'),
    secrets: reconciled.length === 0 ? new Map() : readSecrets(variables, reconciled),
    metricsNamespace: read(variables, 'metricsNamespace'),
  };
}

type Name = keyof typeof ENVIRONMENT;

function read(variables: EnvironmentVariables, name: Name): string {
  const value = variables[ENVIRONMENT[name]]?.trim() ?? '';
  if (value === '') throw wrong(name, 'is not set');
  return value;
}

function readUrl(variables: EnvironmentVariables, name: Name): string {
  const value = read(variables, name);
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw wrong(name, 'is no http or https URL');
  return value;
}

function readSeconds(variables: EnvironmentVariables, name: Name): number {
  const value = read(variables, name);
  if (!/^[1-9]\d{0,11}$/.test(value)) throw wrong(name, 'is no whole number of seconds above 0');
  return Number(value);
}

function readSecrets(
  variables: EnvironmentVariables,
  sources: readonly Source[],
): ReadonlyMap<SourceName, string> {
  const arns = parseObject(read(variables, 'secrets'));
  if (arns === undefined) throw wrong('secrets', 'is no JSON object of source names and ARNs');
  return new Map(
    sources.map(({ name }) => {
      const arn = Object.hasOwn(arns, name) ? arns[name] : undefined;
      if (typeof arn !== 'string' || arn === '')
        throw wrong('secrets', `holds no ARN for the source "${name}"`);
      return [name, arn];
    }),
  );
}

function wrong(name: Name, what: string): ConfigurationError {
  const advice = 'The stack sets it: deploy it again, or set the variable as lib/core/resources.ts says.';
  return new ConfigurationError(`Environment variable ${ENVIRONMENT[name]} ${what}. ${advice}`);
}
