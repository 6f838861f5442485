import { fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { AnyScheme, SingleScheme } from '../provider.ts';

/** What must fit between several schemes that share one list of secrets. */
export function checkAny({ of }: AnyScheme, place: Place): void {
  const schemes = fieldOf(place, 'of');
  if (of.some(isPublicKey) && !of.every(isPublicKey)) {
    wrong(
      schemes,
      'a public key beside another kind of secret',
      'a source of its own for it: everybody knows a public key, so it must never be taken for a secret',
    );
  }
  for (const [index, scheme] of of.entries()) {
    const at = itemOf(schemes, index);
    if (scheme.kind === 'step' && of.findIndex(({ kind }) => kind === 'step') < index)
      wrong(at, 'another step', 'one step');
    if (isAlwaysCarried(scheme) && index < of.length - 1)
      wrong(
        at,
        'a scheme that every request is looked at by',
        'its place at the end, so that the others are reached',
      );
    const twin = of.findIndex((other) => mainPlaces(other).some((name) => mainPlaces(scheme).includes(name)));
    if (twin < index) wrong(at, `the place of ${quote(`of[${twin}]`)}`, 'a place of its own for the proof');
  }
}

function isPublicKey(scheme: SingleScheme): boolean {
  return (
    scheme.kind === 'signature' && scheme.versions.some(({ algorithm }) => !algorithm.startsWith('hmac-'))
  );
}

function isAlwaysCarried(scheme: SingleScheme): boolean {
  return scheme.kind === 'step' || (scheme.kind === 'token' && 'body' in scheme);
}

/** Where a scheme looks to tell whether a request is for it. */
function mainPlaces(scheme: SingleScheme): readonly string[] {
  switch (scheme.kind) {
    case 'signature':
      return scheme.families.flatMap(({ signature }) => [signature.header, ...(signature.also ?? [])]);
    case 'token':
      if ('header' in scheme) return [scheme.header];
      return 'query' in scheme ? [`?${scheme.query}`] : [`body ${scheme.body}`];
    case 'basic':
      return ['authorization'];
    case 'step':
      return [`step ${scheme.step}`];
  }
}
