import { type AwsService, type CloudAnswer, jsonAnswer, xmlAnswer } from './cloud-service.ts';

const RATE = 'Rate exceeded';

/** The service's own throttling error, in its protocol, as the real service and its SDK model know it. */
export function throttled(service: AwsService): CloudAnswer {
  switch (service) {
    case 'sqs':
      return jsonError(403, 'com.amazonaws.sqs#RequestThrottled', RATE);
    case 'sns':
      return snsError(400, 'Throttling', RATE, 'Sender');
    case 's3':
      return s3Error(503, 'SlowDown', 'Please reduce your request rate.');
    case 'dynamodb':
      return jsonError(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException', RATE);
    case 'secretsmanager':
      return jsonError(400, 'ThrottlingException', RATE);
  }
}

/** The service's own internal error (500). */
export function failed(service: AwsService, message: string): CloudAnswer {
  switch (service) {
    case 'sqs':
      return jsonError(500, 'com.amazonaws.sqs#InternalFailure', message);
    case 'sns':
      return snsError(500, 'InternalFailure', message, 'Receiver');
    case 's3':
      return s3Error(500, 'InternalError', message);
    case 'dynamodb':
      return jsonError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', message);
    case 'secretsmanager':
      return jsonError(500, 'InternalServiceError', message);
  }
}

export function jsonError(status: number, type: string, message: string): CloudAnswer {
  return jsonAnswer(status, { __type: type, message });
}

export function snsError(
  status: number,
  code: string,
  message: string,
  blame: 'Sender' | 'Receiver',
): CloudAnswer {
  const error = `<Type>${blame}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  return xmlAnswer(status, `<ErrorResponse><Error>${error}</Error></ErrorResponse>`);
}

export function s3Error(status: number, code: string, message: string): CloudAnswer {
  return xmlAnswer(status, `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
