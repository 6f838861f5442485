/** Where AWS is: all of it comes from the environment unless given. */
export interface Connection {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

interface ClientSettings extends Connection {
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
    readonly httpsAgent: Agent;
    readonly httpAgent: Agent;
  };
}

interface Agent {
  readonly keepAlive: true;
  readonly maxSockets: number;
}

/** The processor has up to 50 ledger calls under way. */
const AGENT: Agent = { keepAlive: true, maxSockets: 100 };

/** Two fit into the limit of a call, with the pause between them: at most 100 ms, unless AWS has asked for fewer calls. */
const ATTEMPTS = 2;
const PAUSE_MS = 100;

/**
 * Settings for an AWS client, explicit where the default would wait for longer than a function lives.
 * @param limitMs the longest that a call may take, to which `withinLimit` holds it: time for two attempts.
 * @example new SQSClient(clientSettings(2_000))
 */
export function clientSettings(limitMs: number, connection: Connection = {}): ClientSettings {
  const timeoutMs = Math.floor((limitMs - PAUSE_MS) / ATTEMPTS);
  return {
    ...connection,
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: AGENT,
      httpAgent: AGENT,
    },
  };
}
