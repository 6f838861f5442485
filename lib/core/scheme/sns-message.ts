import { type KeyObject, verify } from 'node:crypto';
import { decodeBase64 } from './decode.ts';

/** What Amazon SNS posts to an HTTP endpoint: well-formed, not proved yet. It has only what is signed. */
export interface SnsMessage {
  readonly kind: 'message';
  readonly type: SnsType;
  readonly topicArn: string;
  /** As it was sent: RFC 3339. */
  readonly timestamp: string;
  readonly message: string;
  /** What confirms a subscription that SNS asks about. */
  readonly token?: string;
  readonly certificateUrl: string;
  readonly hash: 'RSA-SHA1' | 'RSA-SHA256';
  /** Base64, as it was sent; empty when there was none. */
  readonly signature: string;
  /** The texts of which SNS signed one. */
  readonly signed: readonly string[];
}

/** Why something is no message of SNS; the explanation quotes nothing of it. */
export interface SnsFault {
  readonly kind: 'fault';
  readonly about: 'type' | 'version' | 'certificate' | 'field';
  readonly explanation: string;
}

type SnsType = 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
type Fields = Readonly<Record<string, unknown>>;

const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/**
 * What a signature covers, in this order; `Subject` only if it was sent. AWS's page says that the token of a farewell is signed, and
 * its library (sns-validator@0.3.5) that it is not: either will do, since nobody does anything by that token.
 */
const SIGNED: Readonly<Record<SnsType, readonly (readonly string[])[]>> = {
  Notification: [['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']],
  SubscriptionConfirmation: [CONFIRMATION],
  UnsubscribeConfirmation: [CONFIRMATION, CONFIRMATION.filter((name) => name !== 'Token')],
};

const HASHES = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' } as const;

/**
 * Reads what SNS signs of a message (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). In the signed
 * text only line ends stand between names and values. So no value but the message's own may hold one: else whoever publishes to a
 * topic could write the borders of another message into his.
 * @example readSnsMessage(JSON.parse(body)) // { kind: 'message', type: 'Notification', topicArn: 'arn:aws:sns:…', … }
 */
export function readSnsMessage(fields: Fields): SnsMessage | SnsFault {
  const { Type: type, SignatureVersion: version, SigningCertURL: url, Signature: signature } = fields;
  if (!isType(type)) return fault('type', 'It has no type of SNS: is raw delivery on?');
  if (version !== '1' && version !== '2')
    return fault('version', 'Its signature is of no version that SNS has.');
  if (typeof url !== 'string' || !isCertificateUrl(url))
    return fault('certificate', 'Its certificate is not at SNS.');
  const texts = SIGNED[type].map((names) => signedText(names, fields)).filter((text) => text !== undefined);
  if (texts.length < SIGNED[type].length)
    return fault('field', 'A field that SNS signs is missing, or holds a line end.');
  return {
    kind: 'message',
    type,
    topicArn: String(fields.TopicArn),
    timestamp: String(fields.Timestamp),
    message: String(fields.Message),
    ...(type === 'SubscriptionConfirmation' ? { token: String(fields.Token) } : {}),
    certificateUrl: url,
    hash: HASHES[version],
    signature: typeof signature === 'string' ? signature : '',
    signed: texts,
  };
}

/** Whether SNS signed it, if the key is that of the certificate at `certificateUrl`. */
export function isSignedBy({ hash, signature, signed }: SnsMessage, key: KeyObject): boolean {
  const bytes = decodeBase64(signature);
  return bytes !== undefined && signed.some((text) => verify(hash, Buffer.from(text), key, bytes));
}

function isType(type: unknown): type is SnsType {
  return typeof type === 'string' && Object.hasOwn(SIGNED, type);
}

/** What SNS would sign of a message; undefined when it lacks a field of its type. */
export function snsText(fields: Fields): string | undefined {
  const [names = []] = isType(fields.Type) ? SIGNED[fields.Type] : [];
  return names.length === 0 ? undefined : signedText(names, fields);
}

/** Undefined when a field is missing, no text, or could hold the border of another. */
function signedText(names: readonly string[], fields: Fields): string | undefined {
  const sent = names.filter((name) => name !== 'Subject' || Object.hasOwn(fields, name));
  const sound = sent.every((name) => {
    const value = fields[name];
    return typeof value === 'string' && (name === 'Message' || !/[\r\n]/.test(value));
  });
  return sound ? sent.map((name) => `${name}\n${fields[name]}\n`).join('') : undefined;
}

/** Of a region: else a bucket that somebody called "sns" would do (sns.s3-us-west-2.amazonaws.com). */
const REGION = '[a-z]{2,}(?:-[a-z]+)+-\\d';
const HOST = new RegExp(`^sns\\.${REGION}\\.amazonaws\\.com(?:\\.cn)?$`);
const CERTIFICATE = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

/** Without user, port, query, and whatever else a text can hide in an address. */
function isCertificateUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url?.protocol === 'https:' &&
    HOST.test(url.host) &&
    CERTIFICATE.test(url.pathname) &&
    text === `${url.origin}${url.pathname}`
  );
}

const TOPIC = new RegExp(
  `^arn:(aws|aws-cn|aws-us-gov):sns:(${REGION}):\\d{12}:[A-Za-z0-9_-]{1,256}(?:\\.fifo)?$`,
);

/**
 * The host of SNS in a topic's region; undefined for what is no topic's ARN.
 * @example topicHost('arn:aws:sns:eu-west-1:123456789012:orders') // 'sns.eu-west-1.amazonaws.com'
 */
export function topicHost(arn: string): string | undefined {
  const [, partition, region] = TOPIC.exec(arn) ?? [];
  return region && `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function fault(about: SnsFault['about'], explanation: string): SnsFault {
  return { kind: 'fault', about, explanation };
}
