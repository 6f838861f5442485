import type { HandshakeReply } from './provider.ts';
import type { HttpAnswer } from './step.ts';
import { fill, type ReadHole } from './template.ts';

export interface HandshakeAnswer extends HttpAnswer {
  readonly kind: 'handshake';
}

/** The answer to a set-up request; undefined when what it must repeat is missing. */
export function handshakeReply(template: HandshakeReply, read: ReadHole): HandshakeAnswer | undefined {
  const headers = replyHeaders(template, read);
  if ('json' in template) {
    const values = Object.entries(template.json).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : fill(value, read),
    ]);
    if (values.some(([, value]) => value === undefined)) return undefined;
    const body = JSON.stringify(Object.fromEntries(values));
    return answer(template.status, { ...headers, 'content-type': 'application/json' }, body);
  }
  if ('text' in template) {
    const text = fill(template.text, read);
    if (text === undefined) return undefined;
    return answer(template.status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }, text);
  }
  const { contentType } = template;
  return answer(
    template.status,
    { ...headers, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    '',
  );
}

/** What is not printable ASCII is no value for a header. */
function replyHeaders({ headers = {} }: HandshakeReply, read: ReadHole): Readonly<Record<string, string>> {
  const filled = Object.entries(headers).map(
    ([name, template]) => [name, fill(template, read) ?? ''] as const,
  );
  return Object.fromEntries(filled.filter(([, value]) => /^[\x20-\x7e]{1,1024}$/.test(value)));
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: string): HandshakeAnswer {
  // What is echoed was chosen by the caller: no browser may take it for a page.
  return { kind: 'handshake', status, headers: { 'x-content-type-options': 'nosniff', ...headers }, body };
}
