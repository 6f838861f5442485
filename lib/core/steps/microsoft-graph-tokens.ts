import { createPrivateKey, createSign } from 'node:crypto';
import { intakeDocument } from '../intake-document.ts';
import { spansAt } from '../json-items.ts';
import { parseObject } from '../json-object.ts';
import { findSpan, type JsonSpan, parsePath, replaceAt, scalarAt } from '../json-span.ts';
import type { Certificates } from '../ports.ts';
import { type Rejection, rejected } from '../rejection.ts';
import type { EpochMs } from '../request.ts';
import { equalTexts } from '../scheme/digest.ts';
import { type JudgedItem, provedItems } from '../scheme/proved-items.ts';
import type { SecretAge } from '../secret.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';
import { PUBLISHER, publisherGrant } from './microsoft-publisher-token.ts';

const ITEMS = parsePath('value.*');
const TOKENS = parsePath('validationTokens.*');

/** A request has one for each app and tenant in it. */
const MOST_TOKENS = 64;

const SECRET = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(.+)$/is;

/**
 * Notifications with resource data: each item carries its subscription's clientState, and beside the items lies a token of Microsoft
 * for each app and tenant that they are for. An item needs both; a lifecycle notification, which carries no data, its clientState only.
 * The configured secret is `<app id>:<clientState>`.
 * Source: https://learn.microsoft.com/en-us/graph/change-notifications-with-resource-data#validating-the-authenticity-of-notifications
 */
export const step: SchemeStepCode = {
  covers: { body: 'nothing', url: 'no', method: 'no' },
  secretPaths: ['value.*.clientState', 'validationTokens'],
  verify,
  sign,
};

/** What one configured secret says. */
interface Subscriber {
  readonly appId: string;
  readonly clientState: string;
  readonly age: SecretAge;
}

async function verify({ request, secrets, certificates }: SchemeInput): Promise<Proof | Rejection> {
  const subscribers = secrets.signing.flatMap(({ secret, age }): readonly Subscriber[] => {
    const [, appId, clientState] = SECRET.exec(secret) ?? [];
    return appId === undefined || clientState === undefined
      ? []
      : [{ appId: appId.toLowerCase(), clientState, age }];
  });
  if (subscribers.length === 0)
    return rejected('no-secret', 'none of the configured secrets is an app id, a colon and a clientState');
  const document = intakeDocument(request);
  if (document.kind !== 'json')
    return rejected('malformed-signature', 'the body cannot be read as JSON, and the proofs lie in it');
  const { text } = document;
  const items = spansAt(text, ITEMS).map((span) => ({
    span,
    subscriber: subscriberOf(text, span, subscribers),
  }));
  // Nobody but a subscriber makes us ask Microsoft for keys.
  const needed = items.some(({ span, subscriber }) => 'appId' in subscriber && carriesData(text, span));
  if (needed && certificates === undefined)
    throw new TypeError('microsoft-graph-tokens needs the port for key sets');
  const grants = needed && certificates ? await grantsIn(text, certificates, request.receivedAt) : NONE;
  const judged = items.map(
    ({ span, subscriber }): JudgedItem => ({ span, proof: judge(text, span, { subscriber, grants }) }),
  );
  return provedItems({ request, text, path: ITEMS }, judged);
}

function subscriberOf(
  text: string,
  item: JsonSpan | undefined,
  subscribers: readonly Subscriber[],
): Subscriber | Rejection {
  const sent = (item && scalarAt(text, ['clientState'], item)) ?? '';
  if (sent === '') return rejected('missing-signature', 'an item has no clientState');
  return (
    subscribers.find(({ clientState }) => equalTexts(sent, clientState)) ??
    rejected('wrong-signature', 'the clientState of an item is none of the configured ones')
  );
}

/** Only a lifecycle notification is known to carry none. */
function carriesData(text: string, item: JsonSpan | undefined): boolean {
  const has = (name: string): boolean => item !== undefined && findSpan(text, [name], item) !== undefined;
  return !has('lifecycleEvent') || has('changeType') || has('resourceData') || has('encryptedContent');
}

function judge(
  text: string,
  item: JsonSpan | undefined,
  { subscriber, grants }: { readonly subscriber: Subscriber | Rejection; readonly grants: Grants },
): Proof | Rejection {
  if (!('appId' in subscriber)) return subscriber;
  const proof = { kind: 'proved', age: subscriber.age } as const;
  if (!carriesData(text, item)) return proof;
  const tenant = (item && scalarAt(text, ['tenantId'], item)) ?? '';
  if (grants.given.has(`${subscriber.appId} ${tenant.toLowerCase()}`)) return proof;
  return (
    grants.refusal ??
    rejected('wrong-signature', 'no token of Microsoft is for the app and the tenant of an item')
  );
}

/** For which app and tenant Microsoft says that it sends; and why a token was refused, if one was. */
interface Grants {
  readonly given: ReadonlySet<string>;
  readonly refusal?: Rejection;
}

const NONE: Grants = { given: new Set() };

async function grantsIn(text: string, certificates: Certificates, at: EpochMs): Promise<Grants> {
  const tokens = spansAt(text, TOKENS).map((span) => (span && scalarAt(text, [], span)) ?? '');
  if (tokens.length === 0 || tokens.includes(''))
    return {
      ...NONE,
      refusal: rejected('missing-signature', 'the body has no validationTokens, or an empty one'),
    };
  if (tokens.length > MOST_TOKENS)
    return { ...NONE, refusal: rejected('malformed-signature', `more than ${MOST_TOKENS} validationTokens`) };
  const answers = await Promise.all(tokens.map((token) => publisherGrant(token, certificates, at)));
  const refusal = answers.find((answer) => typeof answer !== 'string');
  return {
    given: new Set(answers.filter((answer) => typeof answer === 'string')),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** What signs, as JSON: the secret, and a private key (PEM) with the id under which its public key is known. */
interface Signer {
  readonly secret: string;
  readonly privateKey: string;
  readonly kid: string;
}

/** The clientState of each item, and the tokens where there are some, are replaced. */
function sign({ request, secret: text, timestamp }: StepSignInput): SignedParts {
  const { secret, privateKey, kid } = readSigner(text);
  const [, appId = '', clientState = ''] = SECRET.exec(secret) ?? [];
  const body = request.body.toString('utf8');
  const tenants = new Set(
    spansAt(body, [...ITEMS, 'tenantId']).map((span) => (span && scalarAt(body, [], span)) ?? ''),
  );
  const iat = Math.floor(timestamp / 1000);
  const tokens = [...tenants].map((tid) => {
    const iss = `https://sts.windows.net/${tid}/`;
    const claims = { aud: appId, iss, iat, nbf: iat, exp: iat + 28_800, appid: PUBLISHER, tid, ver: '1.0' };
    const signed = [{ typ: 'JWT', alg: 'RS256', kid }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createSign('sha256').update(signed).sign(createPrivateKey(privateKey));
    return `${signed}.${signature.toString('base64url')}`;
  });
  const stated = replaceAt(body, [[...ITEMS, 'clientState']], JSON.stringify(clientState));
  const proved = replaceAt(stated, [['validationTokens']], JSON.stringify(tokens));
  return { headers: {}, body: Buffer.from(proved) };
}

function readSigner(text: string): Signer {
  const { secret, privateKey, kid } = parseObject(text) ?? {};
  if (typeof secret === 'string' && typeof privateKey === 'string' && typeof kid === 'string')
    return { secret, privateKey, kid };
  throw new TypeError(
    'what signs for Microsoft Graph is {"secret": "<app id>:<clientState>", "privateKey": "PEM", "kid": "…"}',
  );
}
