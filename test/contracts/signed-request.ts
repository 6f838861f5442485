import { InfrastructureError } from '../../lib/core/errors.ts';
import type { HeaderFamily, SingleScheme } from '../../lib/core/provider.ts';
import { type Headers, header, type Request } from '../../lib/core/request.ts';
import { carriesProof, signatureHeaders, singleSchemes } from '../../lib/core/scheme/proof-places.ts';
import type { SigningKeyPair } from '../../lib/core/scheme/signing-key-pair.ts';
import { sign, signingKeyPair, type Verification, verify } from '../../lib/core/scheme.ts';
import type { SigningSecret } from '../../lib/core/secret.ts';
import { loadSteps, type Steps } from '../../lib/core/steps/load-steps.ts';
import type { ProviderFixture } from './provider-fixture.ts';

export function urlOf(publicUrl: string, { path, query }: Request): string {
  return `${publicUrl}${path}${query === '' ? '' : `?${query}`}`;
}

type Signed = Pick<ProviderFixture, 'provider' | 'signer'>;
type Verifier = Pick<ProviderFixture, 'provider' | 'publicUrl' | 'certificates'>;

/** @param secrets newest first */
export async function verifyWith(
  { provider, publicUrl, certificates }: Verifier,
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
    ...(certificates === undefined ? {} : { certificates }),
  });
}

/** `verified by …`, or the reason of the refusal; `unavailable` where a certificate could not be had. */
export async function outcomeOf(...args: Parameters<typeof verifyWith>): Promise<string> {
  try {
    const answer = await verifyWith(...args);
    return answer.kind === 'verified' ? `verified by ${answer.verified.age}` : answer.reason;
  } catch (error) {
    if (error instanceof InfrastructureError) return 'unavailable';
    throw error;
  }
}

/** Keys that the fixture's requests were not signed with. */
export function freshKeys(fixture: ProviderFixture): SigningKeyPair {
  return fixture.freshKeys?.() ?? signingKeyPair(fixture.provider.scheme);
}

/** The same request, signed by us: at the time it was received unless told otherwise. */
export async function signedAgain(
  fixture: Pick<ProviderFixture, 'provider' | 'publicUrl'>,
  request: Request,
  { signer, timestamp = request.receivedAt }: { readonly signer: string; readonly timestamp?: number },
): Promise<Request> {
  const { provider, publicUrl } = fixture;
  const steps = await loadSteps(provider);
  const unsigned = {
    ...request,
    headers: without(request.headers, await proofHeaders({ ...fixture, signer }, request)),
  };
  const parts = sign({
    request: unsigned,
    url: urlOf(publicUrl, unsigned),
    scheme: provider.scheme,
    secret: signer,
    id: idOf(schemeOf(fixture, request), steps, request.headers) ?? 'none',
    timestamp,
    steps,
  });
  return {
    ...unsigned,
    headers: { ...unsigned.headers, ...parts.headers },
    query: parts.query ?? request.query,
    body: parts.body ?? request.body,
  };
}

/** The one of the provider's schemes that this request is proved by; the first for one that is not signed yet. */
export function schemeOf(
  { provider: { scheme } }: Pick<ProviderFixture, 'provider'>,
  request: Request,
): SingleScheme {
  const schemes = singleSchemes(scheme);
  const used = schemes.find((one) => carriesProof(one, request)) ?? schemes[0];
  if (used === undefined) throw new Error('the provider has no scheme');
  return used;
}

/** The headers of this request that prove it: each of them is needed. */
export async function proofHeaders(fixture: Signed, request: Request): Promise<readonly string[]> {
  const scheme = schemeOf(fixture, request);
  switch (scheme.kind) {
    case 'token':
      return 'header' in scheme ? [scheme.header] : [];
    case 'basic':
      return ['authorization'];
    case 'step':
      return Object.keys(await stepHeaders(fixture, request));
    case 'signature': {
      const sent = (family: HeaderFamily): readonly string[] =>
        signatureHeaders(family).filter((name) => header(request.headers, name) !== undefined);
      const family = scheme.families.find((one) => sent(one).length > 0);
      const names = [
        ...(family === undefined ? [] : sent(family)),
        family?.timestamp && 'header' in family.timestamp ? family.timestamp.header : undefined,
        family?.id,
      ];
      return names.filter((name) => name !== undefined);
    }
  }
}

async function stepHeaders({ provider, signer }: Signed, request: Request): Promise<Headers> {
  const { scheme } = await loadSteps(provider);
  const url = 'https://hooks.example.com';
  return (
    scheme?.sign({ request, url, secret: signer, id: 'any', timestamp: request.receivedAt }).headers ?? {}
  );
}

export function without(headers: Headers, names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function idOf(scheme: SingleScheme, steps: Steps, headers: Headers): string | undefined {
  const names =
    scheme.kind === 'signature' ? scheme.families.map((family) => family.id) : [steps.scheme?.covers.id];
  return names.map((name) => name && header(headers, name)).find((id) => id !== undefined);
}
