import { createSign, generateKeyPairSync } from 'node:crypto';

/** A certificate that vouches for itself, and the key that signs under it, both in PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly privateKey: string;
}

const TAG = {
  integer: 2,
  bits: 3,
  octets: 4,
  null: 5,
  oid: 6,
  text: 12,
  time: 24,
  sequence: 48,
  set: 49,
} as const;
const VERSION_3 = 0xa0;
const EXTENSIONS = 0xa3;

/** 1.2.840.113549.1.1.11, 2.5.4.3 and 2.5.29.19, as X.690 encodes them. */
const OID = {
  sha256WithRsa: '2a864886f70d01010b',
  commonName: '550403',
  basicConstraints: '551d13',
} as const;

/**
 * A fresh RSA key with a certificate of its own name, valid for two decades: for the simulator and the tests, where no authority is.
 * Only who was told of this very certificate trusts it. (RFC 5280 §4.1; Node makes keys, but no certificates.)
 * @example selfSignedCertificate('headgate.paypal.com')
 */
export function selfSignedCertificate(commonName: string): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = der(TAG.sequence, oid(OID.sha256WithRsa), der(TAG.null));
  const attribute = der(TAG.sequence, oid(OID.commonName), der(TAG.text, Buffer.from(commonName)));
  const name = der(TAG.sequence, der(TAG.set, attribute));
  const noAuthority = der(TAG.sequence, oid(OID.basicConstraints), der(TAG.octets, der(TAG.sequence)));
  const signed = der(
    TAG.sequence,
    der(VERSION_3, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([1])),
    algorithm,
    name,
    der(TAG.sequence, time('20200101000000Z'), time('20400101000000Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(EXTENSIONS, der(TAG.sequence, noAuthority)),
  );
  const signature = createSign('sha256').update(signed).sign(privateKey);
  const bytes = der(TAG.sequence, signed, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  return {
    certificate: pem(bytes),
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** One value of X.690: tag, length, contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const value = Buffer.concat(contents);
  const hex = value.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const header = value.length < 128 ? [tag, value.length] : [tag, 128 + length.length, ...length];
  return Buffer.concat([Buffer.from(header), value]);
}

function oid(hex: string): Buffer {
  return der(TAG.oid, Buffer.from(hex, 'hex'));
}

function time(text: string): Buffer {
  return der(TAG.time, Buffer.from(text));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
