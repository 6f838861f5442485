import { parseObject } from '../json-object.ts';
import type { ApiResponse } from '../ports.ts';
import type { EpochMs } from '../request.ts';
import { utf8Text } from '../utf8-text.ts';
import { TOKEN, type TokenExchange } from './credentials.ts';

/** A token that credentials were exchanged for. */
export interface AccessToken {
  readonly text: string;
  /** Until when it is used. */
  readonly until: EpochMs;
}

/** A new one is asked for this much before the end, in ms; of one that lives for less than two minutes, at half its time. */
const MARGIN_MS = 60_000;

/** RFC 6749 only recommends that a server says how long its token lives. */
const USUAL_LIFE_MS = 300_000;

/** The token in the answer to an exchange; undefined when there is none that can be used. */
export function readAccessToken(
  { status, body }: ApiResponse,
  answer: TokenExchange['answer'],
  now: EpochMs,
): AccessToken | undefined {
  if (status !== 200 && status !== 201) return undefined;
  const fields = parseObject(utf8Text(body) ?? '') ?? {};
  const [text, lifeMs] =
    answer === 'oauth'
      ? [fields.access_token, lifeOf(fields.expires_in)]
      : [fields.token, Date.parse(String(fields.expires_at)) - now];
  if (typeof text !== 'string' || !TOKEN.test(text) || !(lifeMs > 0)) return undefined;
  return { text, until: now + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
}

function lifeOf(expiresIn: unknown): number {
  return expiresIn === undefined || expiresIn === null ? USUAL_LIFE_MS : Number(expiresIn) * 1000;
}
