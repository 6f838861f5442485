import { parseObject } from '../json-object.ts';
import { utf8Text } from '../utf8-text.ts';
import { decodeBase64url } from './decode.ts';

/** A JSON Web Token in its compact form (RFC 7519), taken apart and not yet believed. */
export interface JsonWebToken {
  readonly header: string;
  readonly claims: string;
  readonly signature: Buffer;
  /** What the signature covers. */
  readonly signed: string;
}

/**
 * The parts of a token; undefined for any other text, and where the signature is not written in the one way there is for its bytes.
 * @example parseToken('eyJhbGciOiJIUzI1NiJ9.e30.5q…')
 */
export function parseToken(text: string): JsonWebToken | undefined {
  const [, signed = '', header = '', claims = '', last = ''] =
    /^(([\w-]+)\.([\w-]+))\.([\w-]+)$/.exec(text) ?? [];
  const signature = decodeBase64url(last);
  return signed === '' || signature === undefined ? undefined : { header, claims, signature, signed };
}

/** The fields of a token's header or claims; undefined when they are no JSON object. */
export function fieldsOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const text = utf8Text(Buffer.from(part, 'base64url'));
  return text === undefined ? undefined : parseObject(text);
}
