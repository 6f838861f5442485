import { confirmed } from '../../../lib/aws/confirmed.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '../../../lib/core/ports.ts';
import type { Kind } from './kinds.ts';
import type { Sandbox } from './sandbox.ts';
import { type CloudWorld, type SimulatedService, simulatedClient } from './simulated-client.ts';
import type { Stage } from './stage.ts';
import { type State, stateAt, type Thing } from './things.ts';

/** Shorter than the wait for a second look, by more than clocks differ. */
const LONGEST_LAG_MS = 25_000;

/** A provider's REST API: how its things stand right now, or stood a while ago where it is asked at a replica. */
export function simulatedApi(stage: Stage, kind: Kind, things: readonly Thing[]): SimulatedService {
  return {
    name: `api of ${kind.name}`,
    distanceMs: stage.dice.pick([150, 1_200, 4_000], `distance of ${kind.name}`),
    about: (_operation, input) => new URL((input as ApiRequest).url).pathname,
    answer(_operation, input, attempt) {
      const { url, headers } = input as ApiRequest;
      if (headers.authorization !== `Bearer ${keyOf(kind)}`) return response(401);
      const thing = things.find(({ id }) => new URL(url).pathname === `/things/${id}`);
      if (thing === undefined) return response(404);
      const state = seen(stage, thing, attempt.name);
      stage.story.tell(
        () => `  the API gives ${thing.id}: ${state === undefined ? 'nothing' : `state ${state.n}`}`,
      );
      return documentOf(thing, state, headers['if-none-match']);
    },
  };
}

/** The secret's `api` text. */
export function keyOf({ name }: Kind): string {
  return `key-of-${name}`;
}

/**
 * A replica never lags within one version, since nobody could tell: it gives the last state of a version, and nothing only where no
 * deletion has the version of what was created after it.
 */
function seen({ time, dice, faults }: Stage, thing: Thing, call: string): State | undefined {
  const now = stateAt(thing, time.now());
  const lags = dice.pick([0, 0.1, 0.4], 'replicas that lag');
  if (thing.kind.replicas === 'agree' || !faults.happens(`${call} is asked at a replica that lags`, lags))
    return now;
  const then = stateAt(thing, time.now() - LONGEST_LAG_MS * dice.roll(`${call}: lag`));
  if (then === undefined) return isReplacedAtOnce(thing) ? now : undefined;
  return thing.states.findLast(({ version, at }) => version === then.version && at <= time.now());
}

function isReplacedAtOnce({ states }: Thing): boolean {
  return states.some(
    ({ change, version }, index) => change === 'deleted' && states[index + 1]?.version === version,
  );
}

function documentOf(thing: Thing, state: State | undefined, tag: string | undefined): ApiResponse {
  const { deleted } = thing.kind;
  if (state === undefined || state.change === 'deleted') {
    if (deleted !== 'a field' || state === undefined) return response(deleted === 410 ? 410 : 404);
    return response(200, deletedOf(thing, state));
  }
  const etag = `"${state.n}"`;
  if (tag === etag) return response(304);
  return {
    ...response(200, resourceOf(thing, state)),
    headers: { 'content-type': 'application/json', etag },
  };
}

/** Whether the API has ever given this of a thing in this state. */
export function isDocumentOf(thing: Thing, state: State, resource: object): boolean {
  const document = state.change === 'deleted' ? deletedOf(thing, state) : resourceOf(thing, state);
  return JSON.stringify(resource) === JSON.stringify(document);
}

function deletedOf({ id }: Thing, { n }: State): object {
  return { id, n, deleted: true };
}

/** What the API says of a thing that stands. */
function resourceOf({ kind, id }: Thing, { n, version, text }: State): object {
  return { id, n, text, ...(kind.documents === 'versioned' && version !== undefined ? { version } : {}) };
}

function response(status: number, body?: object): ApiResponse {
  return { status, headers: {}, body: Buffer.from(body === undefined ? '' : JSON.stringify(body)) };
}

class Get {
  readonly input: ApiRequest;
  constructor(input: ApiRequest) {
    this.input = input;
  }
}

interface Client {
  send(command: Get): Promise<unknown>;
}

/** HTTP from one process to the providers: what fails on the way is an answer of HTTP, or none. */
export function apiClient(
  world: CloudWorld,
  sandbox: Sandbox,
  apis: ReadonlyMap<string, SimulatedService>,
  limitMs: number,
): ApiClient {
  const once = { maxAttempts: 1, timeoutMs: limitMs };
  const clients = new Map(
    [...apis].map(([name, api]) => [name, simulatedClient<Client>(world, sandbox, api, once)] as const),
  );
  return {
    async send(request, { baseUrl }) {
      const client = clients.get(baseUrl);
      if (client === undefined) throw new TypeError(`nobody has an API at ${baseUrl}`);
      try {
        return (await client.send(new Get(request))) as ApiResponse;
      } catch (error) {
        const answer = httpAnswer(error);
        return answer ?? (await confirmed('api:GET', Promise.reject(error)));
      }
    },
  };
}

/** What failed in the words of AWS, in those of HTTP; undefined where no answer came. */
function httpAnswer(error: unknown): ApiResponse | undefined {
  switch ((error as Error).name) {
    case 'InternalServerError':
      return response(503);
    case 'ThrottlingException':
      return { ...response(429), headers: { 'retry-after': '20' } };
    case 'AccessDeniedException':
      return response(403);
    default:
      return undefined;
  }
}
