import type { HeaderFamily, Scheme, SingleScheme } from '../provider-scheme.ts';
import { type Headers, header, type Request } from '../request.ts';

/** The schemes that a request of the provider may be proved by. */
export function singleSchemes(scheme: Scheme): readonly SingleScheme[] {
  return scheme.kind === 'any' ? scheme.of : [scheme];
}

/** The headers in which a family's signature may lie. */
export function signatureHeaders({ signature }: HeaderFamily): readonly string[] {
  return [signature.header, ...(signature.also ?? [])];
}

/** All headers of a family. */
export function familyHeaders(family: HeaderFamily): readonly string[] {
  const time =
    family.timestamp !== undefined && 'header' in family.timestamp ? [family.timestamp.header] : [];
  return [...signatureHeaders(family), ...time, ...(family.id === undefined ? [] : [family.id])];
}

/** The headers without which no request is proved by the scheme: what is read from elsewhere only if they are absent, never is. */
export function indispensableHeaders(scheme: SingleScheme): readonly string[] {
  if (scheme.kind !== 'signature' || !scheme.signed.includes('{id}')) return [];
  const [id, ...others] = new Set(scheme.families.map((family) => family.id));
  return id === undefined || others.length > 0 ? [] : [id];
}

/** The headers that a scheme reads; those of a step only the step knows. */
export function schemeHeaders(scheme: SingleScheme): readonly string[] {
  switch (scheme.kind) {
    case 'signature':
      return scheme.families.flatMap(familyHeaders);
    case 'token':
    case 'basic':
      return secretHeaders(scheme);
    case 'step':
      return [];
  }
}

/** Whether the request brings something for this scheme to check, right or wrong. Whether one in the body is there only reading tells. */
export function carriesProof(scheme: SingleScheme, { headers, query }: Request): boolean {
  switch (scheme.kind) {
    case 'signature':
      return scheme.families.some((family) =>
        signatureHeaders(family).some((name) => header(headers, name) !== undefined),
      );
    case 'token':
      if ('header' in scheme) return header(headers, scheme.header) !== undefined;
      return 'body' in scheme || new URLSearchParams(query).has(scheme.query);
    case 'basic':
      return header(headers, 'authorization') !== undefined;
    case 'step':
      return true;
  }
}

/** The headers that are the secret itself: they are never stored, nor read by a template. */
export function secretHeaders(scheme: Scheme): readonly string[] {
  return singleSchemes(scheme).flatMap((one) => {
    if (one.kind === 'basic') return ['authorization'];
    return one.kind === 'token' && 'header' in one ? [one.header] : [];
  });
}

/** The query parameters that are the secret itself. */
export function secretParameters(scheme: Scheme): readonly string[] {
  return singleSchemes(scheme).flatMap((one) => (one.kind === 'token' && 'query' in one ? [one.query] : []));
}

/** The paths of the body at which the secret itself lies. */
export function tokenPaths(scheme: Scheme): readonly string[] {
  return singleSchemes(scheme).flatMap((one) => (one.kind === 'token' && 'body' in one ? [one.body] : []));
}

/** The request without some headers; the same object when it has none of them. */
export function withoutHeaders(request: Request, names: readonly string[]): Request {
  if (!names.some((name) => header(request.headers, name) !== undefined)) return request;
  const kept: Headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !names.includes(name)),
  );
  return { ...request, headers: kept };
}
