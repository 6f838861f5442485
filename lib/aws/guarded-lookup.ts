import type { LookupAddress } from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import type { ApiNetwork } from '../core/source.ts';
import { isPrivateAddress, isPublicAddress } from './public-address.ts';

/** An address that is not connected to. */
export class OutsideNetworkError extends Error {
  override readonly name = 'OutsideNetworkError';
  readonly code = 'OUTSIDE_NETWORK';
}

const LEADS: Readonly<Record<ApiNetwork, string>> = {
  public: 'it leads into a private network, as only an address that the source itself has as its baseUrl may',
  'private-too': 'it leads to this machine, its link, its metadata, or an address that nobody has',
};

/**
 * Looks a name up for a connection, and gives its addresses only if all of them are in the network: for the connection that is then made
 * there is no second look, in which the name could lead elsewhere.
 * @example new https.Agent({ lookup: guardedLookup('public', (host) => dns.promises.lookup(host, { all: true })) })
 */
export function guardedLookup(
  network: ApiNetwork,
  addressesOf: (host: string) => Promise<readonly LookupAddress[]>,
): LookupFunction {
  return (host, { all = false }, done) => {
    addressesOf(host).then(
      (found) => {
        const [first] = found;
        if (first === undefined)
          done(Object.assign(new Error('its name leads nowhere'), { code: 'ENOTFOUND' }), '');
        else if (!found.every(({ address }) => isIn(network, address)))
          done(new OutsideNetworkError(LEADS[network]), '');
        else if (all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
}

/**
 * An address in the place of a name is never looked up. That of a stub on this machine is let through.
 * @param hostname of a URL, as a URL parser gives it.
 * @throws {OutsideNetworkError}
 */
export function guardLiteral(network: ApiNetwork, hostname: string): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (net.isIP(address) === 0 || address === '127.0.0.1' || isIn(network, address)) return;
  throw new OutsideNetworkError(LEADS[network]);
}

function isIn(network: ApiNetwork, address: string): boolean {
  return isPublicAddress(address) || (network === 'private-too' && isPrivateAddress(address));
}
