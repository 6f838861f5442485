import { describe, expect, test } from 'vitest';
import { readIngestEnvironment, readProcessEnvironment } from '../../lib/aws/environment.ts';
import { ConfigurationError } from '../../lib/core/errors.ts';
import { ENVIRONMENT } from '../../lib/core/resources.ts';
import type { Reconciliation, SourceName } from '../../lib/core/source.ts';
import { plainProvider, sourceOf } from '../core/intake-cases.ts';

const source = sourceOf(plainProvider());

const RECONCILE: Reconciliation = {
  when: 'always',
  baseUrl: 'https://api.acme.example',
  network: 'public',
  auth: { kind: 'basic' },
  rate: { perSecond: 10, burst: 10 },
  redact: [],
  patience: { seconds: 60, afterwards: 'publish' },
};

const complete: Record<string, string> = {
  HEADGATE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/deliveries',
  HEADGATE_DEAD_LETTERS_URL: 'https://sqs.eu-west-1.amazonaws.com/1/dead',
  HEADGATE_TABLE: 'ledger',
  HEADGATE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:1:events',
  HEADGATE_BUCKET: 'bucket',
  HEADGATE_PUBLIC_URL: 'https://hooks.example.com/base/',
  HEADGATE_SECRETS: '{"acme":"arn:aws:secretsmanager:eu-west-1:1:secret:acme","other":"arn"}',
  HEADGATE_ORIGIN: 'headgate:1:eu-west-1:Receiver',
  HEADGATE_LEDGER_RETENTION_SECONDS: '1641600',
  HEADGATE_METRICS_NAMESPACE: 'Headgate/Receiver',
};

test('every variable that the stack sets is read by a function', () => {
  expect(Object.values(ENVIRONMENT).toSorted()).toEqual(Object.keys(complete).toSorted());
});

describe('the ingest function’s environment', () => {
  test('is read, the public URL without its last slash', () => {
    expect(readIngestEnvironment(complete, [source])).toEqual({
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/deliveries',
      bucket: 'bucket',
      publicUrl: 'https://hooks.example.com/base',
      secrets: new Map([['acme', 'arn:aws:secretsmanager:eu-west-1:1:secret:acme']]),
      metricsNamespace: 'Headgate/Receiver',
    });
  });

  test.each([
    ['HEADGATE_QUEUE_URL', undefined, 'is not set'],
    ['HEADGATE_QUEUE_URL', 'deliveries', 'is no http or https URL'],
    ['HEADGATE_BUCKET', '  ', 'is not set'],
    ['HEADGATE_PUBLIC_URL', 'javascript:alert(1)', 'is no http or https URL'],
    ['HEADGATE_METRICS_NAMESPACE', '', 'is not set'],
    ['HEADGATE_SECRETS', '[]', 'is no JSON object'],
    ['HEADGATE_SECRETS', 'acme', 'is no JSON object'],
    ['HEADGATE_SECRETS', '{"acme":""}', 'no ARN for the source "acme"'],
    ['HEADGATE_SECRETS', '{"other":"arn"}', 'no ARN for the source "acme"'],
  ])('is refused by name: %s = %s', (name, value, problem) => {
    const read = () => readIngestEnvironment({ ...complete, [name]: value }, [source]);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(name);
    expect(read).toThrow(problem);
  });
});

describe('the process function’s environment', () => {
  test('is read', () => {
    const { HEADGATE_SECRETS: _, ...set } = complete;
    expect(readProcessEnvironment(set, [source])).toEqual({
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/deliveries',
      deadLettersUrl: 'https://sqs.eu-west-1.amazonaws.com/1/dead',
      table: 'ledger',
      topicArn: 'arn:aws:sns:eu-west-1:1:events',
      bucket: 'bucket',
      origin: 'headgate:1:eu-west-1:Receiver',
      ledgerRetentionSeconds: 1_641_600,
      secrets: new Map(),
      metricsNamespace: 'Headgate/Receiver',
    });
  });

  test('names the secrets of those sources whose API is asked, and of no others', () => {
    const reconciled = { ...source, name: 'other' as SourceName, reconcile: RECONCILE };
    expect(readProcessEnvironment(complete, [source, reconciled]).secrets).toEqual(
      new Map([['other', 'arn']]),
    );
    const { HEADGATE_SECRETS: _, ...set } = complete;
    expect(() => readProcessEnvironment(set, [reconciled])).toThrow('HEADGATE_SECRETS is not set');
  });

  test.each([
    ['HEADGATE_TABLE', undefined],
    ['HEADGATE_TOPIC_ARN', ''],
    ['HEADGATE_LEDGER_RETENTION_SECONDS', '0'],
    ['HEADGATE_LEDGER_RETENTION_SECONDS', '1e6'],
    ['HEADGATE_LEDGER_RETENTION_SECONDS', 'NaN'],
    ['HEADGATE_DEAD_LETTERS_URL', 'ftp://x'],
  ])('is refused by name: %s = %s', (name, value) => {
    expect(() => readProcessEnvironment({ ...complete, [name]: value }, [source])).toThrow(name);
  });
});
