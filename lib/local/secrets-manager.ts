import { createHash } from 'node:crypto';
import { jsonError } from './aws-error.ts';
import { type CloudAnswer, type CloudService, jsonAnswer } from './cloud-service.ts';
import type { SecretStore, StoredSecret } from './secret-store.ts';

const ARN_PREFIX = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:';

/**
 * Secrets Manager over a store, as far as the receiver needs it: reading a secret's versions, storing one beside the current one, and
 * making it the current one. What is only offered is in memory.
 */
export function secretsManager(store: SecretStore): CloudService {
  const offered = new Map<string, string>();
  return {
    answer: async (operation, request) => {
      const operate = OPERATIONS[operation];
      if (operate === undefined)
        return jsonError(400, 'UnknownOperationException', `${operation} is not emulated.`);
      const input: Input = JSON.parse(request.body.toString('utf8'));
      const secret = find(store, input.SecretId);
      return secret === undefined ? notFound('.') : operate(input, { ...secret, store, offered });
    },
  };
}

/** Of all three operations. */
interface Input {
  readonly SecretId?: unknown;
  readonly VersionStage?: string;
  readonly ClientRequestToken?: string;
  readonly SecretString?: string;
  readonly VersionStages?: readonly string[];
  readonly MoveToVersionId?: string;
  readonly RemoveFromVersionId?: string;
}

interface Found {
  readonly name: string;
  readonly secret: StoredSecret;
}

interface Context extends Found {
  readonly store: SecretStore;
  /** The texts of versions that never were current, by their ids. */
  readonly offered: Map<string, string>;
}

const OPERATIONS: Readonly<Record<string, (input: Input, context: Context) => CloudAnswer>> = {
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecretVersionStage: updateSecretVersionStage,
};

function getSecretValue({ VersionStage: stage = 'AWSCURRENT' }: Input, context: Context): CloudAnswer {
  const { current, previous } = context.secret;
  const version = stage === 'AWSCURRENT' ? current : stage === 'AWSPREVIOUS' ? previous : undefined;
  if (version === undefined) return notFound(` value for staging label: ${stage}`);
  return jsonAnswer(200, {
    ...nameOf(context),
    VersionId: version.id,
    VersionStages: [stage],
    SecretString: version.text,
    CreatedDate: version.createdAt / 1000,
  });
}

/** A version never changes: the same token again is the same version, or an error. */
function putSecretValue(input: Input, context: Context): CloudAnswer {
  const { ClientRequestToken: id, SecretString: text, VersionStages: stages = ['AWSCURRENT'] } = input;
  if (id === undefined || id.length < 32 || text === undefined)
    return invalid('ClientRequestToken and SecretString are needed.');
  const known = textOf(context, id);
  if (known !== undefined && known !== text)
    return jsonError(400, 'ResourceExistsException', 'A resource with the ID you requested already exists.');
  if (known === undefined) {
    if (stages.includes('AWSCURRENT')) context.store.write(context.name, text, id);
    else context.offered.set(id, text);
  }
  return jsonAnswer(200, { ...nameOf(context), VersionId: id, VersionStages: stages });
}

/** Only AWSCURRENT is ever moved. It must be moved from where it is: this is the one conditional write that Secrets Manager has. */
function updateSecretVersionStage(input: Input, context: Context): CloudAnswer {
  const { VersionStage: stage, MoveToVersionId: to = '', RemoveFromVersionId: from } = input;
  if (stage !== 'AWSCURRENT') return invalid(`${stage} is not moved here.`);
  const { id } = context.secret.current;
  if (from !== id && (from !== undefined || to !== id))
    return invalid(`${stage} is attached to version ${id}: RemoveFromVersionId must be that version.`);
  const text = textOf(context, to);
  if (text === undefined) return notFound(' version.');
  if (to !== id) context.store.write(context.name, text, to);
  return jsonAnswer(200, nameOf(context));
}

function textOf({ secret: { current, previous }, offered }: Context, id: string): string | undefined {
  return [current, previous].find((version) => version?.id === id)?.text ?? offered.get(id);
}

/**
 * The ARN of a secret of the embedded cloud, with a suffix of six characters as the real one has.
 * @example secretArn('github') // 'arn:aws:secretsmanager:us-east-1:000000000000:secret:github-0b1d2f'
 */
export function secretArn(name: string): string {
  return `${ARN_PREFIX}${name}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}

function nameOf({ name }: Found): { readonly ARN: string; readonly Name: string } {
  return { ARN: secretArn(name), Name: name };
}

function find(store: SecretStore, secretId: unknown): Found | undefined {
  for (const name of candidates(typeof secretId === 'string' ? secretId : '')) {
    const secret = store.read(name);
    if (secret !== undefined) return { name, secret };
  }
  return undefined;
}

/** A secret goes by its name, its ARN, or its ARN without the suffix. */
function candidates(id: string): string[] {
  const name = id.startsWith('arn:') ? id.split(':').slice(6).join(':') : id;
  return id.startsWith('arn:') ? [name, name.replace(/-[0-9A-Za-z]{6}$/, '')] : [name];
}

function invalid(message: string): CloudAnswer {
  return jsonError(400, 'InvalidParameterException', message);
}

function notFound(what: string): CloudAnswer {
  const message = `Secrets Manager can't find the specified secret${what}`;
  return jsonError(400, 'ResourceNotFoundException', message);
}
