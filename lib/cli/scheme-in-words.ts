import type {
  Scheme,
  SchemeStep,
  SignatureScheme,
  SignatureVersion,
  StepScheme,
  TokenScheme,
} from '../core/provider.ts';
import { spanInWords } from './delivery-in-words.ts';

const ALGORITHMS: Record<SignatureVersion['algorithm'], string> = {
  'hmac-sha1': 'HMAC-SHA1',
  'hmac-sha256': 'HMAC-SHA256',
  'hmac-sha512': 'HMAC-SHA512',
  ed25519: 'Ed25519',
  'ecdsa-p256-sha256': 'ECDSA P-256 with SHA-256',
};

/**
 * How a request proves its origin, in one sentence without its end.
 * @param toleranceSeconds of the source, where it replaces the scheme's.
 * @example schemeInWords(github.scheme) // 'HMAC-SHA256 of {body}, in x-hub-signature-256; no signed time'
 */
export function schemeInWords(scheme: Scheme, toleranceSeconds?: number): string {
  switch (scheme.kind) {
    case 'signature':
      return signatureInWords(scheme, toleranceSeconds);
    case 'any':
      return scheme.of
        .map((one) => schemeInWords(one, toleranceSeconds))
        .join('. Or, where it comes without: ');
    case 'token':
      return `the secret itself as a token, in ${tokenPlace(scheme)}; covers neither the body nor the time`;
    case 'basic':
      return 'the secret itself as user:password, in authorization (Basic); covers neither the body nor the time';
    case 'step':
      return stepInWords(scheme, toleranceSeconds);
  }
}

function tokenPlace(scheme: TokenScheme): string {
  if ('header' in scheme) return scheme.header;
  return 'query' in scheme ? `the URL’s parameter ${scheme.query}` : `the body’s ${scheme.body}`;
}

/** What a step checks: made how, over what, and where it lies. */
interface StepWords {
  readonly made: string;
  readonly of: string;
  readonly in: string;
}

const STEPS: Record<SchemeStep, StepWords> = {
  'adyen-signature': {
    made: 'HMAC-SHA256',
    of: 'eight fields of each item',
    in: 'its additionalData.hmacSignature',
  },
  'atlassian-connect-token': {
    made: 'JSON Web Token (HS256)',
    of: 'method, path and query, and nothing of the body',
    in: 'authorization',
  },
  'atlassian-oauth-token': {
    made: 'JSON Web Token (HS256)',
    of: 'nothing of the request',
    in: 'authorization',
  },
  'contentful-signature': {
    made: 'HMAC-SHA256',
    of: 'method, path, query, the headers that x-contentful-signed-headers names and {body}',
    in: 'x-contentful-signature',
  },
  'hubspot-signature-v1': { made: 'plain SHA-256', of: 'the secret and {body}', in: 'x-hubspot-signature' },
  'hubspot-signature-v2': {
    made: 'plain SHA-256',
    of: 'the secret and {method}{url}{body}',
    in: 'x-hubspot-signature',
  },
  'hubspot-signature-v3': {
    made: 'HMAC-SHA256',
    of: '{method}{url}{body}{timestamp}',
    in: 'x-hubspot-signature-v3',
  },
  'mailgun-signature': {
    made: 'HMAC-SHA256',
    of: 'a time and a token, and nothing of the event',
    in: 'the body’s signature.signature',
  },
  'microsoft-graph-tokens': {
    made: 'token and JSON Web Token (RS256) of Microsoft',
    of: 'the app and the tenant of each item, and nothing of the items',
    in: 'each item’s clientState and the body’s validationTokens',
  },
  'paypal-signature': {
    made: 'RSA-SHA256 by a certificate of PayPal',
    of: 'transmission id, time, webhook id and the body’s CRC-32',
    in: 'paypal-transmission-sig',
  },
  'sns-signature': {
    made: 'RSA-SHA1 or RSA-SHA256 by a certificate of SNS',
    of: 'the fields of a message',
    in: 'its Signature',
  },
  'twilio-signature': {
    made: 'HMAC-SHA1',
    of: 'the public URL and the form’s parameters (of other bodies a SHA-256 in the URL)',
    in: 'x-twilio-signature',
  },
};

/**
 * How a request proves its origin, in a word or two.
 * @example proofInWords(gitlab.scheme) // 'HMAC-SHA256 or token'
 */
export function proofInWords(scheme: Scheme): string {
  switch (scheme.kind) {
    case 'signature':
      return [...new Set(scheme.versions.map(({ algorithm }) => ALGORITHMS[algorithm]))].join(' or ');
    case 'any':
      return [...new Set(scheme.of.map(proofInWords))].join(' or ');
    case 'token':
      return 'token';
    case 'basic':
      return 'user and password';
    case 'step':
      return STEPS[scheme.step].made;
  }
}

function stepInWords({ step, toleranceSeconds }: StepScheme, ofSource: number | undefined): string {
  const words = STEPS[step];
  return `${words.made} of ${words.of}, in ${words.in}; ${timeInWords(toleranceSeconds, ofSource)}`;
}

function signatureInWords(scheme: SignatureScheme, ofSource: number | undefined): string {
  const headers = scheme.families.flatMap(({ signature }) => [signature.header, ...(signature.also ?? [])]);
  const time = timeInWords(scheme.timestamp?.toleranceSeconds, ofSource);
  return `${proofInWords(scheme)} of ${scheme.signed}, in ${listed(headers)}; ${time}`;
}

/** Many are a row of numbers. */
function listed(headers: readonly string[]): string {
  return headers.length > 4 ? `${headers[0]} … ${headers.at(-1)}` : headers.join(' or ');
}

function timeInWords(ofScheme: number | undefined, ofSource: number | undefined): string {
  return ofScheme === undefined
    ? 'no signed time'
    : `signed time within ${spanInWords(ofSource ?? ofScheme)} of the gateway’s`;
}
