import type { Provider } from '../../lib/core/provider.ts';
import { type Headers, header, type Request } from '../../lib/core/request.ts';
import { sign, type Verification, verify } from '../../lib/core/scheme.ts';
import type { SigningSecret } from '../../lib/core/secret.ts';
import { loadSteps } from '../../lib/core/steps/load-steps.ts';
import type { ProviderFixture } from './provider-fixture.ts';

export function urlOf(publicUrl: string, { path, query }: Request): string {
  return `${publicUrl}${path}${query === '' ? '' : `?${query}`}`;
}

/** @param secrets newest first */
export async function verifyWith(
  { provider, publicUrl }: Pick<ProviderFixture, 'provider' | 'publicUrl'>,
  request: Request,
  secrets: readonly string[],
): Promise<Verification> {
  return verify({
    request,
    url: urlOf(publicUrl, request),
    scheme: provider.scheme,
    secrets: {
      signing: secrets.map((secret, index) => ({
        secret: secret as SigningSecret,
        age: index === 0 ? 'newest' : 'older',
      })),
    },
    steps: await loadSteps(provider),
  });
}

/** `verified by …`, or the reason of the refusal. */
export async function outcomeOf(...args: Parameters<typeof verifyWith>): Promise<string> {
  const answer = await verifyWith(...args);
  return answer.kind === 'verified' ? `verified by ${answer.verified.age}` : answer.reason;
}

/** The same request, signed by us: at the time it was received unless told otherwise. */
export async function signedAgain(
  { provider, publicUrl }: Pick<ProviderFixture, 'provider' | 'publicUrl'>,
  request: Request,
  { signer, timestamp = request.receivedAt }: { readonly signer: string; readonly timestamp?: number },
): Promise<Request> {
  const unsigned = { ...request, headers: without(request.headers, await proofHeaders(provider, request)) };
  const parts = sign({
    request: unsigned,
    url: urlOf(publicUrl, unsigned),
    scheme: provider.scheme,
    secret: signer,
    id: idOf(provider, request.headers) ?? 'none',
    timestamp,
    steps: await loadSteps(provider),
  });
  return {
    ...unsigned,
    headers: { ...unsigned.headers, ...parts.headers },
    query: parts.query ?? request.query,
  };
}

/** The headers of this request that prove it: each of them is needed. */
export async function proofHeaders(provider: Provider, request: Request): Promise<readonly string[]> {
  const { scheme } = provider;
  switch (scheme.kind) {
    case 'token':
      return [scheme.header];
    case 'basic':
      return ['authorization'];
    case 'step': {
      const steps = await loadSteps(provider);
      return Object.keys(
        steps.scheme?.sign({ request, url: 'https://hooks.example.com', secret: 'any' }).headers ?? {},
      );
    }
    case 'signature': {
      const family = scheme.families.find(
        (one) => header(request.headers, one.signature.header) !== undefined,
      );
      const names = [
        family?.signature.header,
        family?.timestamp && 'header' in family.timestamp ? family.timestamp.header : undefined,
        family?.id,
      ];
      return names.filter((name) => name !== undefined);
    }
  }
}

export function without(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function idOf({ scheme }: Provider, headers: Headers): string | undefined {
  if (scheme.kind !== 'signature') return undefined;
  return scheme.families
    .map((family) => family.id && header(headers, family.id))
    .find((id) => id !== undefined);
}
