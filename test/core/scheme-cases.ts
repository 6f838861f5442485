import { createHmac } from 'node:crypto';
import type { Scheme, SignatureScheme, SignatureVersion } from '../../lib/core/provider.ts';
import type { Headers, Method, Request } from '../../lib/core/request.ts';
import { type Verification, verify } from '../../lib/core/scheme.ts';
import type { SigningSecret, SourceSecrets } from '../../lib/core/secret.ts';

export const NOW: number = Date.UTC(2026, 10, 24, 10);
export const URL_CALLED = 'https://hooks.example.com/source?a=1';

/** Newest first. */
export function secretsOf(...texts: readonly string[]): SourceSecrets {
  return {
    signing: texts.map((text, index) => ({
      secret: text as SigningSecret,
      age: index === 0 ? 'newest' : 'older',
    })),
  };
}

export function post(
  headers: Headers,
  body: Buffer | string = '{"a":1}',
  more: { method?: Method; receivedAt?: number } = {},
): Request {
  return {
    method: more.method ?? 'POST',
    path: '/source',
    query: 'a=1',
    headers,
    body: Buffer.from(body),
    receivedAt: more.receivedAt ?? NOW,
  };
}

export const hmacHex: SignatureVersion = {
  label: 'v1',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: { encoding: 'utf8' },
};

/** `x-signature: sha256=<hex>` over the body. */
export const plain: SignatureScheme = {
  kind: 'signature',
  families: [{ signature: { header: 'x-signature', assign: '=' } }],
  signed: '{body}',
  versions: [{ ...hmacHex, label: 'sha256' }],
};

/** `x-signature: t=<s>,v1=<hex>,…` over `{timestamp}.{body}`. */
export const labelled: SignatureScheme = {
  kind: 'signature',
  families: [
    { signature: { header: 'x-signature', separator: ',', assign: '=' }, timestamp: { label: 't' } },
  ],
  signed: '{timestamp}.{body}',
  versions: [hmacHex],
  timestamp: { unit: 's', toleranceSeconds: 300 },
};

/** `x-id`, `x-time`, `x-signature: v1,<base64> …` over `{id}.{timestamp}.{body}`; a second family begins with `y-`. */
export const identified: SignatureScheme = {
  kind: 'signature',
  families: [
    {
      signature: { header: 'x-signature', separator: ' ', assign: ',' },
      timestamp: { header: 'x-time' },
      id: 'x-id',
    },
    {
      signature: { header: 'y-signature', separator: ' ', assign: ',' },
      timestamp: { header: 'y-time' },
      id: 'y-id',
    },
  ],
  signed: '{id}.{timestamp}.{body}',
  versions: [{ ...hmacHex, encoding: 'base64' }],
  timestamp: { unit: 's', toleranceSeconds: 300 },
};

export function hmac(
  key: string | Buffer,
  text: string | Buffer,
  encoding: 'hex' | 'base64' = 'hex',
  hash: 'sha1' | 'sha256' | 'sha512' = 'sha256',
): string {
  return createHmac(hash, key).update(text).digest(encoding);
}

export async function check(
  scheme: Scheme,
  request: Request,
  secrets: SourceSecrets | string = 'secret',
  more: { toleranceSeconds?: number; url?: string } = {},
): Promise<Verification> {
  const { url = URL_CALLED, ...rest } = more;
  return verify({
    request,
    url,
    scheme,
    secrets: typeof secrets === 'string' ? secretsOf(secrets) : secrets,
    steps: {},
    ...rest,
  });
}

/** `verified`, or the reason of the refusal. */
export async function outcome(...args: Parameters<typeof check>): Promise<string> {
  const answer = await check(...args);
  return answer.kind === 'verified' ? `verified by ${answer.verified.age}` : answer.reason;
}
