/** What SQS and SNS refuse and fauxqs lets pass. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A message as the SQS client sends it, alone or in a batch. */
export interface SentMessage {
  readonly MessageAttributes?: Readonly<Record<string, SentAttribute>>;
  readonly DelaySeconds?: number;
}

export interface SentAttribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

const MAX_ATTRIBUTES = 10;
const MAX_DELAY_SECONDS = 900;
const ILLEGAL = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Why SQS would not take the message, beyond what fauxqs checks; undefined when it would. */
export function sqsRefusal(message: SentMessage): Refusal | undefined {
  const attributes = message.MessageAttributes ?? {};
  const count = Object.keys(attributes).length;
  if (count > MAX_ATTRIBUTES) {
    return invalid(
      `Number of message attributes [${count}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    const refusal = attributeRefusal(name, attribute);
    if (refusal !== undefined) return refusal;
  }
  const delay = message.DelaySeconds ?? 0;
  if (Number.isInteger(delay) && delay >= 0 && delay <= MAX_DELAY_SECONDS) return undefined;
  return invalid(
    `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
  );
}

/** An attribute without a value, or with a character that no message can carry. */
export function attributeRefusal(name: string, attribute: SentAttribute): Refusal | undefined {
  const value = attribute.StringValue ?? attribute.BinaryValue ?? '';
  if (value === '') {
    return invalid(
      `The message attribute '${name}' must contain a non-empty value for its type ${attribute.DataType}.`,
    );
  }
  if (ILLEGAL.test(value)) return invalid(`The message attribute '${name}' contains invalid characters.`);
  return undefined;
}

function invalid(message: string): Refusal {
  return { code: 'InvalidParameterValue', message };
}
