/** Credentials as AWS clients take them. */
export interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * A credential provider that reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` at each call.
 *
 * Lambda gives a function its role this way, and no other. The bundles put this module in the place of
 * `@aws-sdk/credential-provider-node`, whose chain of SSO, STS and profile files is 40 % of a small client.
 *
 * @throws Error when the environment holds no key.
 * @example new SQSClient({ credentials: environmentCredentials() });
 */
export function environmentCredentials(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error(
        'No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (Lambda sets them from the function’s role).',
      );
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  };
}

export { environmentCredentials as defaultProvider };
