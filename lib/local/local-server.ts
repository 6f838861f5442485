import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another program listens where we wanted to. */
export class PortInUseError extends Error {
  readonly code = 'PORT_IN_USE';
  readonly port: number;

  constructor(port: number, options: ErrorOptions) {
    const advice = 'Stop the program that listens there, or choose another port (0 picks a free one).';
    super(`Port ${port} on 127.0.0.1 is in use. ${advice}`, options);
    this.name = 'PortInUseError';
    this.port = port;
  }
}

export interface LocalServer {
  readonly port: number;
  /** Takes no new connection, lets the answers under way go out, then cuts what is left. */
  close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1 only; port 0 picks a free one. Throws `PortInUseError`. */
export async function startLocalServer(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<LocalServer> {
  const underWay = new Set<Promise<unknown>>();
  const server = createServer((request, response) => {
    const done = once(response, 'close').finally(() => underWay.delete(done));
    underWay.add(done);
    // A caller who hung up is not there to read it; anybody else sees what broke.
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await Promise.all(underWay);
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}
