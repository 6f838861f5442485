/** What every AWS client of the embedded cloud is configured with; the cloud takes any credentials. */
export interface LocalConnection {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** @example new SQSClient(localConnection(cloud.endpoint)) */
export function localConnection(endpoint: string): LocalConnection {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}
