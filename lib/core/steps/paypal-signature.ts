import {
  createPrivateKey,
  createSign,
  createVerify,
  type KeyObject,
  type X509Certificate,
} from 'node:crypto';
import { crc32 } from 'node:zlib';
import { parseObject } from '../json-object.ts';
import type { Certificates } from '../ports.ts';
import { type Rejection, rejected } from '../rejection.ts';
import { type EpochMs, type Headers, header } from '../request.ts';
import { leadsToRoot, parseCertificate } from '../scheme/certificate-chain.ts';
import { decodeBase64 } from '../scheme/decode.ts';
import { timestampForm } from '../scheme/signed-text.ts';
import { outsideWindow } from '../scheme/time-window.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';
import { paypalIntermediate } from './paypal-intermediate.ts';

const HEADERS = {
  id: 'paypal-transmission-id',
  time: 'paypal-transmission-time',
  signature: 'paypal-transmission-sig',
  certificate: 'paypal-cert-url',
  algorithm: 'paypal-auth-algo',
} as const;

const ALGORITHM = 'SHA256withRSA';

/** Of PayPal's own hosts, and nothing else: whoever calls us chooses this text. */
const CERTIFICATE_URL =
  /^https:\/\/api(?:-m)?(?:\.sandbox)?\.paypal\.com\/v1\/notifications\/certs\/CERT-[0-9A-Za-z-]{1,100}$/;

/** Neither may hold the `|` that stands between the parts. */
const TRANSMISSION_ID = /^[\w-]{1,100}$/;
const WEBHOOK_ID = /^[\w-]{1,100}$/;

/**
 * PayPal signs with the key of a certificate that it names, and the listener's own webhook id is a part of what it signs: that id is
 * the configured "secret". The body is covered by its CRC-32 only, for which others can be made to fit: see the provider's value.
 * Source: paypalrestsdk@1.13.3, notifications.py.
 */
export const step: SchemeStepCode = {
  covers: { body: 'all', url: 'no', method: 'no', id: HEADERS.id },
  verify,
  sign,
};

interface Claims {
  readonly kind: 'claims';
  readonly id: string;
  readonly time: string;
  readonly signature: Buffer;
  readonly url: string;
}

async function verify(input: SchemeInput): Promise<Proof | Rejection> {
  const { request, secrets, certificates, toleranceSeconds } = input;
  const webhooks = secrets.signing.filter(({ secret }) => WEBHOOK_ID.test(secret));
  if (webhooks.length === 0) return rejected('no-secret', 'none of the configured secrets is a webhook id');
  const claims = readClaims(request.headers);
  if (claims.kind === 'rejected') return claims;
  if (certificates === undefined) throw new TypeError('paypal-signature needs the port for certificates');
  const key = await signerKey(claims.url, certificates, request.receivedAt);
  if (key === undefined)
    return rejected(
      'wrong-signature',
      'the certificate is not one of PayPal, not valid now, or leads to no trusted authority',
    );
  const sum = crc32(request.body);
  for (const { secret, age } of webhooks) {
    const signed = `${claims.id}|${claims.time}|${secret}|${sum}`;
    if (!createVerify('sha256').update(signed).verify(key, claims.signature)) continue;
    const rule = toleranceSeconds === undefined ? undefined : { unit: 'iso' as const, toleranceSeconds };
    return (rule && outsideWindow(rule, claims.time, request)) ?? { kind: 'proved', age };
  }
  return rejected('wrong-signature', 'signed for none of the configured webhook ids, or over another body');
}

function readClaims(headers: Headers): Claims | Rejection {
  const read = (name: keyof typeof HEADERS): string => header(headers, HEADERS[name]) ?? '';
  const [id, time, url] = [read('id'), read('time'), read('certificate')];
  const absent = (Object.keys(HEADERS) as (keyof typeof HEADERS)[]).find((name) => read(name) === '');
  if (absent !== undefined)
    return rejected(MISSING[absent], `the ${HEADERS[absent]} header is missing or empty`);
  const signature = decodeBase64(read('signature'));
  if (signature === undefined || read('algorithm') !== ALGORITHM)
    return rejected(
      'malformed-signature',
      `no base64 in ${HEADERS.signature}, or another algorithm than ${ALGORITHM}`,
    );
  if (!CERTIFICATE_URL.test(url))
    return rejected('malformed-signature', `${HEADERS.certificate} is no address of a certificate at PayPal`);
  if (!TRANSMISSION_ID.test(id)) return rejected('malformed-id', `${HEADERS.id} is no id of a transmission`);
  const form = timestampForm('iso');
  if (!form.pattern.test(time))
    return rejected('malformed-timestamp', `${HEADERS.time} is not ${form.wording}`);
  return { kind: 'claims', id, time, signature, url };
}

const MISSING = {
  id: 'missing-id',
  time: 'missing-timestamp',
  signature: 'missing-signature',
  certificate: 'missing-signature',
  algorithm: 'missing-signature',
} as const satisfies Record<keyof typeof HEADERS, string>;

/** The public key of a certificate that is PayPal's, by an authority that we trust; undefined when it is not. */
async function signerKey(
  url: string,
  certificates: Certificates,
  at: EpochMs,
): Promise<KeyObject | undefined> {
  const [chain, roots] = await Promise.all([certificates.read(url), rootsOf(certificates)]);
  const [first = '', ...others] = chain;
  const parsed = [first, paypalIntermediate, ...others]
    .map(parseCertificate)
    .filter((one) => one !== undefined);
  const [leaf] = parsed;
  if (leaf === undefined || !isPayPal(leaf) || !leadsToRoot(parsed, roots, at)) return undefined;
  return leaf.publicKey.asymmetricKeyType === 'rsa' ? leaf.publicKey : undefined;
}

/**
 * The one common name ends in PayPal's domain, dot included. It is read from the subject's text: in Node 24 `toLegacyObject` leaves a
 * process that has not loaded TLS yet without any (`tls.createSecureContext is not a function`).
 */
function isPayPal({ subject }: X509Certificate): boolean {
  const [name = '', ...more] = subject.split(/\n| \+ /).filter((part) => part.startsWith('CN='));
  return more.length === 0 && /^CN=[A-Za-z0-9.-]+\.paypal\.com$/.test(name);
}

const parsedRoots = new WeakMap<readonly string[], readonly X509Certificate[]>();

/** There are more than a hundred, so a list of them is parsed once. */
async function rootsOf(certificates: Certificates): Promise<readonly X509Certificate[]> {
  const texts = await certificates.roots();
  const known = parsedRoots.get(texts);
  if (known !== undefined) return known;
  const roots = texts.map(parseCertificate).filter((one) => one !== undefined);
  parsedRoots.set(texts, roots);
  return roots;
}

/** What signs: the webhook id, the private key (PEM), and where its certificate is. */
interface Signer {
  readonly webhookId: string;
  readonly privateKey: string;
  readonly certificateUrl: string;
}

function sign({ request, secret, id, timestamp }: StepSignInput): SignedParts {
  const signer = readSigner(secret);
  const time = new Date(timestamp).toISOString().replace(/\.\d+Z$/, 'Z');
  const signed = `${id}|${time}|${signer.webhookId}|${crc32(request.body)}`;
  const signature = createSign('sha256').update(signed).sign(createPrivateKey(signer.privateKey));
  return {
    headers: {
      [HEADERS.id]: id,
      [HEADERS.time]: time,
      [HEADERS.signature]: signature.toString('base64'),
      [HEADERS.certificate]: signer.certificateUrl,
      [HEADERS.algorithm]: ALGORITHM,
    },
  };
}

function readSigner(text: string): Signer {
  const { webhookId, privateKey, certificateUrl } = parseObject(text) ?? {};
  if (typeof webhookId === 'string' && typeof privateKey === 'string' && typeof certificateUrl === 'string')
    return { webhookId, privateKey, certificateUrl };
  throw new TypeError(
    'what signs for PayPal is {"webhookId": "…", "privateKey": "PEM", "certificateUrl": "…"}',
  );
}
