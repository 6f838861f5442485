import type { IncomingMessage } from 'node:http';

/**
 * The body of an answer. One that grows beyond the limit, in bytes, is given up at once, whatever its header has said.
 * @throws an Error with the code `TOO_LARGE`, or what the connection broke off with.
 */
export async function readBody(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  // To leave the loop is to end the connection.
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw Object.assign(new Error(`more than ${limit} bytes`), { code: 'TOO_LARGE' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
