import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pick, type Random } from '../worst-afternoon/random.ts';

/** A resource at the provider: how often it was changed, and whether it is there. */
interface Thing {
  readonly state: number;
  readonly is: 'there' | 'gone';
}

export interface StubProvider {
  readonly baseUrl: string;
  readonly things: ReadonlyMap<string, Thing>;
  set(id: string, thing: Thing): void;
  /** How often it was asked, and how often it failed. */
  readonly asked: { readonly all: number; readonly failed: number };
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly etag?: string;
  readonly document?: object;
}

/** How an API fails: an error, a limit, a connection that breaks, half an answer. */
const FAILURES: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.writeHead(500).end('{"error":"internal"}'),
  (response) => response.writeHead(503, { 'retry-after': '1' }).end(),
  (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  (response) => response.destroy(),
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"state":');
    response.destroy();
  },
  (response) => response.writeHead(200).end('<html>Please wait</html>'),
];

/** An API with resources that change, and which fails for a share of its answers. @param versionOf what a state's version is there. */
export async function stubProvider(options: {
  readonly random: Random;
  readonly failures: number;
  readonly versionOf: (kind: string, state: number) => number | undefined;
}): Promise<StubProvider> {
  const { random, failures, versionOf } = options;
  const things = new Map<string, Thing>();
  const asked = { all: 0, failed: 0 };
  const answerTo = ({ url = '', headers }: IncomingMessage): Answer => {
    if (headers.authorization !== 'Bearer key') return { status: 401 };
    const [, kind = '', id = ''] = url.split('/');
    const thing = things.get(`${kind}/${id}`);
    if (thing?.is !== 'there') return { status: 404 };
    const version = versionOf(kind, thing.state);
    const etag = `"${thing.state}"`;
    if (headers['if-none-match'] === etag) return { status: 304 };
    return {
      status: 200,
      etag,
      document: { id, state: thing.state, ...(version === undefined ? {} : { version }) },
    };
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.all += 1;
    if (random() < failures) {
      asked.failed += 1;
      pick(FAILURES, random)(response);
    } else {
      const { status, etag, document } = answerTo(request);
      response.writeHead(status, etag === undefined ? {} : { 'content-type': 'application/json', etag });
      response.end(document && JSON.stringify(document));
    }
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    things,
    set: (id, thing) => void things.set(id, thing),
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
