import { fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { Handshake, Scheme } from '../provider.ts';
import type { ProviderDefinition } from '../source.ts';

/** What must fit between a provider's scheme and its set-up requests. */
export function checkHandshakes({ scheme, handshakes = [] }: ProviderDefinition, place: Place): void {
  for (const [index, handshake] of handshakes.entries()) {
    const at = itemOf(fieldOf(place, 'handshakes'), index);
    checkOpenMac(handshake, scheme, at);
    checkInstallation(handshake, scheme, at);
    checkConfirmation(handshake, scheme, at);
  }
}

/** Whether the set-up request brings the signing secret. */
export function installsSecret({ guard }: Handshake): boolean {
  return typeof guard === 'object' && 'installs' in guard;
}

/** What anybody can have signed must be a whole body, so that it can be told from a delivery. */
function checkOpenMac({ guard, mac }: Handshake, scheme: Scheme, place: Place): void {
  if (mac === undefined) return;
  const at = fieldOf(place, 'mac');
  if (!hasMac(scheme)) wrong(at, quote(mac), 'nothing, since the scheme has no MAC');
  else if (guard !== 'verified' && (scheme.kind !== 'signature' || scheme.signed !== '{body}'))
    wrong(at, quote(mac), 'guard: "verified", or a scheme that signs {body} and nothing else');
}

/** Of other schemes only reading tells whether a request carries a proof, or what it brings is no secret. */
function checkInstallation(handshake: Handshake, scheme: Scheme, place: Place): void {
  if (!installsSecret(handshake)) return;
  if (!hasMac(scheme))
    wrong(
      fieldOf(place, 'guard'),
      'a secret that comes in a request',
      'nothing, since the scheme has no MAC',
    );
  if (handshake.mac !== undefined)
    wrong(
      fieldOf(place, 'mac'),
      quote(handshake.mac),
      'nothing: who brings the secret can make any MAC with it',
    );
}

/** What is called is made of the request: so the request must be signed, and not only come from who knows a secret. */
function checkConfirmation({ guard, mac }: Handshake, scheme: Scheme, place: Place): void {
  if (typeof guard !== 'object' || !('confirms' in guard)) return;
  if (scheme.kind !== 'signature' && scheme.kind !== 'step')
    wrong(fieldOf(place, 'guard'), 'a call that confirms', 'nothing, since the scheme signs no request');
  if (mac !== undefined)
    wrong(fieldOf(place, 'mac'), quote(mac), 'nothing: a call is the answer that the provider wants');
}

function hasMac(scheme: Scheme): boolean {
  return (
    scheme.kind === 'signature' && scheme.versions.some(({ algorithm }) => algorithm.startsWith('hmac-'))
  );
}
