import { createHash } from 'node:crypto';
import { jsonError } from './aws-error.ts';
import { type CloudAnswer, type CloudService, jsonAnswer } from './cloud-service.ts';
import type { SecretStore } from './secret-store.ts';

const ARN_PREFIX = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

/** Secrets Manager over a store, as far as a reader of secrets needs it: `GetSecretValue`. */
export function secretsManager(store: SecretStore): CloudService {
  return {
    answer: async (operation, request) =>
      operation === 'GetSecretValue'
        ? getSecretValue(store, JSON.parse(request.body.toString('utf8')))
        : jsonError(400, 'UnknownOperationException', `${operation} is not emulated.`),
  };
}

interface GetSecretValue {
  readonly SecretId?: unknown;
  readonly VersionStage?: unknown;
}

function getSecretValue(store: SecretStore, input: GetSecretValue): CloudAnswer {
  const id = typeof input.SecretId === 'string' ? input.SecretId : '';
  const stage = input.VersionStage ?? 'AWSCURRENT';
  const found = candidates(id)
    .map((name) => ({ name, secret: store.read(name) }))
    .find(({ secret }) => secret !== undefined);
  if (found?.secret === undefined) return notFound('.');
  const { current, previous } = found.secret;
  const version = stage === 'AWSCURRENT' ? current : stage === 'AWSPREVIOUS' ? previous : undefined;
  if (version === undefined) return notFound(` value for staging label: ${stage}`);
  return jsonAnswer(200, {
    ARN: secretArn(found.name),
    Name: found.name,
    VersionId: version.id,
    VersionStages: [stage],
    SecretString: version.text,
    CreatedDate: version.createdAt / 1000,
  });
}

/**
 * The ARN of a secret of the embedded cloud, with a suffix of six characters as the real one has.
 * @example secretArn('github') // 'arn:aws:secretsmanager:us-east-1:000000000000:secret:github-0b1d2f'
 */
export function secretArn(name: string): string {
  return `${ARN_PREFIX}${name}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}

/** A secret goes by its name, its ARN, or its ARN without the suffix. */
function candidates(id: string): string[] {
  const name = id.startsWith('arn:') ? id.split(':').slice(6).join(':') : id;
  return id.startsWith('arn:') ? [name, name.replace(/-[0-9A-Za-z]{6}$/, '')] : [name];
}

function notFound(what: string): CloudAnswer {
  const message = `Secrets Manager can't find the specified secret${what}`;
  return jsonError(400, 'ResourceNotFoundException', message);
}
