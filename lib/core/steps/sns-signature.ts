import { createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { InfrastructureError } from '../errors.ts';
import { intakeDocument } from '../intake-document.ts';
import { parseObject } from '../json-object.ts';
import { findSpan, replaceAt } from '../json-span.ts';
import type { Certificates } from '../ports.ts';
import { type Rejection, rejected } from '../rejection.ts';
import type { Request } from '../request.ts';
import { parseCertificate } from '../scheme/certificate-chain.ts';
import { equalTexts } from '../scheme/digest.ts';
import { timestampForm } from '../scheme/signed-text.ts';
import { isSignedBy, readSnsMessage, type SnsMessage, snsText, topicHost } from '../scheme/sns-message.ts';
import { outsideWindow } from '../scheme/time-window.ts';
import type { Proof, SchemeInput, SchemeStepCode, SignedParts, StepSignInput } from '../step.ts';

/**
 * Amazon SNS signs the fields of a message, with the key of a certificate that the message names. Anybody can have a topic whose
 * messages SNS signs: so the "secrets" are the ARNs of the topics that the source listens to.
 * Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html, sns-validator@0.3.5.
 */
export const step: SchemeStepCode = {
  covers: {
    body: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
    url: 'no',
    method: 'no',
  },
  verify,
  sign,
};

async function verify(input: SchemeInput): Promise<Proof | Rejection> {
  const { request, secrets, certificates, toleranceSeconds } = input;
  const topics = secrets.signing.filter(({ secret }) => topicHost(secret) !== undefined);
  if (topics.length === 0)
    return rejected('no-secret', 'none of the configured secrets is the ARN of a topic');
  const message = readMessage(request);
  if (message.kind === 'rejected') return message;
  // Before anything is fetched: only who knows a topic of ours makes us ask for a certificate.
  const topic = topics.find(({ secret }) => equalTexts(secret, message.topicArn));
  if (topic === undefined)
    return rejected('wrong-signature', 'a message of a topic that the source does not listen to');
  if (certificates === undefined) throw new TypeError('sns-signature needs the port for certificates');
  if (!isSignedBy(message, await keyAt(message.certificateUrl, certificates)))
    return rejected('wrong-signature', 'its fields are not those that SNS signed');
  const rule = toleranceSeconds === undefined ? undefined : { unit: 'iso' as const, toleranceSeconds };
  return (rule && outsideWindow(rule, message.timestamp, request)) ?? { kind: 'proved', age: topic.age };
}

function readMessage(request: Request): SnsMessage | Rejection {
  const document = intakeDocument(request, { place: 'json' });
  const fields = document.kind === 'json' ? parseObject(document.text) : undefined;
  if (fields === undefined)
    return rejected('malformed-signature', 'the body is no JSON object, and the signature lies in it');
  const absent = ['Signature', 'SignatureVersion', 'SigningCertURL'].find(
    (name) => (fields[name] ?? '') === '',
  );
  if (absent !== undefined)
    return rejected('missing-signature', `the body has no ${absent}: raw message delivery must be off`);
  const message = readSnsMessage(fields);
  if (message.kind === 'fault') return rejected('malformed-signature', message.explanation);
  const form = timestampForm('iso');
  return form.pattern.test(message.timestamp)
    ? message
    : rejected('malformed-timestamp', `Timestamp is not ${form.wording}`);
}

/** Where no key can be had, nobody knows whether the message is genuine: it has to be sent again. */
async function keyAt(url: string, certificates: Certificates): Promise<KeyObject> {
  const [first = ''] = await certificates.read(url);
  const key = parseCertificate(first)?.publicKey;
  if (key?.asymmetricKeyType === 'rsa') return key;
  throw new InfrastructureError('certificate:sns', 'unavailable', {
    explanation: 'what SNS serves as its certificate is none with an RSA key',
  });
}

/** A message as SNS would post it: topic and signature are put in, and a time where it has none. */
function sign({ request, secret, timestamp }: StepSignInput): SignedParts {
  const { topicArn, privateKey, certificateUrl } = parseObject(secret) ?? {};
  if (typeof topicArn !== 'string' || typeof privateKey !== 'string' || typeof certificateUrl !== 'string')
    throw new TypeError(
      'what signs for SNS is {"topicArn": "…", "privateKey": "PEM", "certificateUrl": "…"}',
    );
  const body = request.body.toString('utf8');
  const timed =
    'Timestamp' in (parseObject(body) ?? {}) ? {} : { Timestamp: new Date(timestamp).toISOString() };
  const message = withFields(body, { ...timed, TopicArn: topicArn, SignatureVersion: '2' });
  const text = snsText(parseObject(message) ?? {});
  if (text === undefined)
    throw new TypeError(
      'the body is no message of SNS, such as {"Type": "Notification", "MessageId": "…", "Message": "…"}',
    );
  const signature = signBytes('RSA-SHA256', Buffer.from(text), createPrivateKey(privateKey));
  const proof = { Signature: signature.toString('base64'), SigningCertURL: certificateUrl };
  return { headers: {}, body: Buffer.from(withFields(message, proof)) };
}

/** In their place where they have one, so that the rest stays as it was written; else at the end. */
function withFields(json: string, fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields).reduce((text, [name, value]) => {
    const written = JSON.stringify(value);
    if (findSpan(text, [name]) !== undefined) return replaceAt(text, [[name]], written);
    const end = text.lastIndexOf('}');
    return `${text.slice(0, end)},"${name}":${written}${text.slice(end)}`;
  }, json);
}
