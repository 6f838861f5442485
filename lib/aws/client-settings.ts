/** Where AWS is: all of it comes from the environment unless given. */
export interface Connection {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a caller can wait for: the attempts' timeouts and pauses have to fit into the function's own time. */
interface Patience {
  readonly attempts: number;
  /** Per attempt, from the request to the answer's head. */
  readonly timeoutMs: number;
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

/**
 * Settings for an AWS client, explicit where the default would wait for longer than a function lives.
 * @example new SQSClient(clientSettings({ attempts: 2, timeoutMs: 2_000 }))
 */
export function clientSettings(patience: Patience, connection: Connection = {}): ClientSettings {
  return {
    ...connection,
    maxAttempts: patience.attempts,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: Math.min(1_000, patience.timeoutMs),
      requestTimeout: patience.timeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: AGENT,
      httpAgent: AGENT,
    },
  };
}
