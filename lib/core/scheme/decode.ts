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
