import type { Handshake, Provider } from '../../lib/core/provider.ts';
import { testsInWords } from './event-words.ts';
import { all, bullets, chapter, code } from './markdown.ts';
import { CONFIRMATION_STEP_WORDS } from './step-words.ts';

/** Set-up requests, and how they are answered. */
export function handshakesChapter({ handshakes = [] }: Provider): string | undefined {
  if (handshakes.length === 0) return undefined;
  return chapter(
    'Handshakes',
    'Answered at once, and never published:',
    bullets(handshakes.map(handshakeInWords)),
  );
}

function handshakeInWords({ method, guard, media, when = [], mac, answer }: Handshake): string {
  const body = media === undefined ? '' : ` of ${media === 'json' ? 'JSON' : 'a form'}`;
  const tests = when.length === 0 ? '' : ` where ${testsInWords(when)}`;
  const made =
    mac === undefined
      ? ''
      : ` \`{mac}\` is the signature of ${code(mac)}, which is made only for short texts of letters and digits.`;
  return `${code(method)}${body}${tests}, ${guardInWords(guard)}: ${answerInWords(answer)}.${made}`;
}

function guardInWords(guard: Handshake['guard']): string {
  if (typeof guard === 'string') return GUARDS[guard];
  if ('confirms' in guard) return CONFIRMATION_STEP_WORDS[guard.confirms];
  return 'verifyToken' in guard
    ? `if ${code(guard.verifyToken)} is the stored \`verify\``
    : `which brings the secret at ${code(guard.installs)}, taken only in set-up`;
}

const GUARDS = { verified: 'after its signature was checked', none: 'which nobody signs' } as const;

function answerInWords({ status, headers = {}, ...body }: Handshake['answer']): string {
  const names = Object.entries(headers).map(([name, value]) => `${code(name)}: ${code(value)}`);
  const sent = [contentInWords(body), ...names].filter((part) => part !== '');
  return sent.length === 0 ? `${status}, empty` : `${status} with ${all(sent)}`;
}

type Content = Omit<Handshake['answer'], 'status' | 'headers'>;

function contentInWords(body: Content): string {
  if ('json' in body) return code(JSON.stringify(body.json));
  return 'text' in body ? `the text ${code(String(body.text))}` : '';
}
