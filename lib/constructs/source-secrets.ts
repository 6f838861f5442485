import { type RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { API_TEXT } from '../core/api/credentials.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { acknowledge } from './acknowledge.ts';
import { given } from './given.ts';

/** Holds no secret, and is read as such: every request is refused until somebody puts one. */
const NO_SECRET = '{}';

export interface SourceSecretsProps {
  readonly sources: readonly Source[];
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: kms.IKey | undefined;
  /** The user's own, by source. */
  readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;
}

/** One secret for each source, made without a value or imported. */
export class SourceSecrets extends Construct {
  readonly bySource: ReadonlyMap<string, secretsmanager.ISecret>;

  constructor(scope: Construct, id: string, props: SourceSecretsProps) {
    super(scope, id);
    const names = props.sources.map(({ name }) => name as string);
    for (const name of Object.keys(props.secrets)) {
      if (names.includes(name)) continue;
      throw new ConfigurationError(
        `secrets names "${name}", which is no source: there are ${names.join(', ')}.`,
      );
    }
    this.bySource = new Map(
      props.sources.map((source) => [source.name, props.secrets[source.name] ?? this.create(source, props)]),
    );
    acknowledge(this, {
      'AwsSolutions-SMG4':
        'The provider makes the secret, so only there can it be rotated; the old and the new one are both accepted meanwhile.',
    });
  }

  private create(
    source: Source,
    { removalPolicy, encryptionKey }: SourceSecretsProps,
  ): secretsmanager.ISecret {
    const secret = new secretsmanager.Secret(this, source.name, {
      description:
        `What verifies the webhooks of the source "${source.name}" (${source.provider.title}). ` +
        `Put ${storedForm(source)} here, the newest first; until then every request gets a 503.`,
      secretStringValue: SecretValue.unsafePlainText(NO_SECRET),
      removalPolicy,
      ...given({ encryptionKey }),
    });
    return secret as secretsmanager.ISecret;
  }
}

/** What people put: what signs, and where the provider's API is asked what proves who asks. */
export function storedForm({ reconcile }: Source): string {
  return reconcile === undefined
    ? '{"signing":["<the secret>"]}'
    : `{"signing":["<the secret>"],"api":"<…>"}, where "api" is ${API_TEXT[reconcile.auth.kind]}`;
}

/** What a policy names for a secret: an ARN without the random ending takes a pattern for it. */
export function secretArnForPolicy(secret: secretsmanager.ISecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}

/** The ARN of each source's secret, as JSON for a function's environment. */
export function secretArns(scope: Construct, secrets: SourceSecrets['bySource']): string {
  const bySource = Object.fromEntries([...secrets].map(([source, secret]) => [source, secret.secretArn]));
  return Stack.of(scope).toJsonString(bySource);
}

/**
 * The command that gives a secret its value, for people to copy. It reads the value from the terminal: what stands in a command is
 * kept in the shell's history and shown to every user of the machine.
 * @example setUpCommand(secret) // aws secretsmanager put-secret-value --secret-id arn:… --secret-string file:///dev/stdin
 */
export function setUpCommand(secret: secretsmanager.ISecret): string {
  return `aws secretsmanager put-secret-value --secret-id ${secret.secretArn} --secret-string file:///dev/stdin`;
}
