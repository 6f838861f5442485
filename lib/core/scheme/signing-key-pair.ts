import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { Scheme, SchemeStep, SignatureVersion } from '../provider.ts';
import { PRIVATE_PREFIX, PUBLIC_PREFIX } from './key.ts';
import { type SelfSigned, selfSignedCertificate } from './self-signed-certificate.ts';

/** What signs where keys come as certificates, as JSON. */
interface CertifiedSigner extends SelfSigned {
  readonly certificateUrl: string;
  readonly [name: string]: string;
}

/** `secret` is configured at the receiver, `signer` signs. For shared secrets both are the same text. */
export interface SigningKeyPair {
  readonly secret: string;
  readonly signer: string;
}

/**
 * Fresh, random keys for the first version of a scheme, or of the first of several. Chance is not a parameter here: a key that could be foreseen is none.
 * @example signingKeyPair(discord.scheme) // { secret: '<64 hex digits>', signer: '<64 hex digits>' }
 */
export function signingKeyPair(scheme: Scheme): SigningKeyPair {
  switch (scheme.kind) {
    case 'any':
      return signingKeyPair(scheme.of[0]);
    case 'signature':
      return versionKeyPair(scheme.versions[0]);
    case 'basic':
      return shared(`headgate:${randomBytes(32).toString('hex')}`);
    case 'token':
      return shared(randomBytes(32).toString('hex'));
    case 'step':
      return STEP_KEYS[scheme.step]?.() ?? shared(randomBytes(32).toString('hex'));
  }
}

/** Steps whose keys are certificates, or lie in a set. */
const STEP_KEYS: Partial<Record<SchemeStep, () => SigningKeyPair>> = {
  'paypal-signature': () => {
    const webhookId = randomBytes(8).toString('hex').toUpperCase();
    const certificateUrl = `https://api.sandbox.paypal.com/v1/notifications/certs/CERT-${randomBytes(16).toString('hex')}`;
    return certified(webhookId, {
      webhookId,
      certificateUrl,
      ...selfSignedCertificate('headgate.paypal.com'),
    });
  },
  'sns-signature': () => {
    const topicArn = `arn:aws:sns:eu-west-1:123456789012:headgate-${randomBytes(8).toString('hex')}`;
    const certificateUrl = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`;
    return certified(topicArn, {
      topicArn,
      certificateUrl,
      ...selfSignedCertificate('sns.amazonaws.com'),
    });
  },
  'microsoft-graph-tokens': () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = randomBytes(16).toString('base64url');
    const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0';
    const signer = {
      secret: `${randomUUID()}:${randomBytes(32).toString('hex')}`,
      kid,
      privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }),
      // Only a receiver on this machine takes it from there.
      webKey: { ...publicKey.export({ format: 'jwk' }), kid, issuer },
    };
    return { secret: signer.secret, signer: JSON.stringify(signer) };
  },
};

/** @param signer where its certificate is said to be, and the certificate itself: only a receiver on this machine takes it from there. */
function certified(secret: string, signer: CertifiedSigner): SigningKeyPair {
  return { secret, signer: JSON.stringify(signer) };
}

function versionKeyPair({ algorithm, key }: SignatureVersion): SigningKeyPair {
  const prefix = key.prefix?.text ?? '';
  const encoding = key.encoding === 'base64' ? 'base64' : 'hex';
  switch (algorithm) {
    case 'ed25519': {
      const pair = generateKeyPairSync('ed25519');
      const point = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
      const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
      return {
        secret: `${prefix}${point.toString(encoding)}`,
        signer:
          prefix === PUBLIC_PREFIX
            ? `${PRIVATE_PREFIX}${Buffer.concat([seed, point]).toString(encoding)}`
            : `${prefix}${seed.toString(encoding)}`,
      };
    }
    case 'ecdsa-p256-sha256': {
      const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return {
        secret: `${prefix}${pair.publicKey.export({ format: 'der', type: 'spki' }).toString(encoding)}`,
        signer: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      };
    }
    default:
      return shared(`${prefix}${randomBytes(32).toString(encoding)}`);
  }
}

function shared(secret: string): SigningKeyPair {
  return { secret, signer: secret };
}
