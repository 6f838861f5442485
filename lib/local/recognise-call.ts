import type { AwsCall, AwsService } from './cloud-service.ts';

const TARGETS: ReadonlyMap<string, AwsService> = new Map([
  ['AmazonSQS', 'sqs'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['secretsmanager', 'secretsmanager'],
]);

interface Recognisable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/**
 * Which service and operation a request of an AWS client means: the JSON protocols name it in `x-amz-target`,
 * SNS in the form's `Action`, S3 by method, path and query.
 * @example recogniseCall({ method: 'PUT', url: '/bucket/key', headers: {} }, body) // { service: 's3', operation: 'PutObject' }
 */
export function recogniseCall(request: Recognisable, body: Buffer): AwsCall {
  const target = text(request.headers['x-amz-target']).split('.');
  const service = TARGETS.get(target[0] ?? '');
  if (service !== undefined) return { service, operation: target[1] ?? '' };
  if (text(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
    return { service: 'sns', operation: new URLSearchParams(body.toString('utf8')).get('Action') ?? '' };
  }
  return { service: 's3', operation: s3Operation(request) };
}

function s3Operation({ method = 'GET', url = '/', headers }: Recognisable): string {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', ...key] = pathname.split('/');
  const has = (name: string) => searchParams.has(name);
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : method;
  if (key.join('/') === '') {
    if (has('lifecycle')) return `${VERBS[method] ?? method}BucketLifecycleConfiguration`;
    return BUCKET_OPERATIONS[method] ?? method;
  }
  if (has('uploadId')) return UPLOAD_OPERATIONS[method] ?? method;
  if (has('uploads')) return 'CreateMultipartUpload';
  if (headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  return `${VERBS[method] ?? method}Object`;
}

const VERBS: Record<string, string> = {
  GET: 'Get',
  HEAD: 'Head',
  PUT: 'Put',
  DELETE: 'Delete',
  POST: 'Post',
};
const BUCKET_OPERATIONS: Record<string, string> = {
  GET: 'ListObjectsV2',
  HEAD: 'HeadBucket',
  PUT: 'CreateBucket',
  DELETE: 'DeleteBucket',
  POST: 'DeleteObjects',
};
const UPLOAD_OPERATIONS: Record<string, string> = {
  PUT: 'UploadPart',
  POST: 'CompleteMultipartUpload',
  DELETE: 'AbortMultipartUpload',
  GET: 'ListParts',
};

function text(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}
