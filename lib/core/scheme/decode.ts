import type { SignatureVersion } from '../provider-scheme.ts';

const HEX = /^[0-9a-f]*$/;

/** Lower case only, as every provider sends it; undefined for anything else. */
export function decodeHex(text: string): Buffer | undefined {
  return text.length % 2 === 0 && HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** RFC 4648 §4, canonical: standard alphabet, all of the padding, unused bits zero. Of the texts of some bytes only one decodes. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** RFC 4648 §5, canonical and without padding. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** A signature as it is written in a header. */
export function decodeSignature(encoding: SignatureVersion['encoding'], text: string): Buffer | undefined {
  switch (encoding) {
    case 'hex':
      return decodeHex(text);
    case 'base64':
      return decodeBase64(text);
    case 'base64url':
      return decodeBase64url(text);
  }
}
