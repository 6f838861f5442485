import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { guardedLookup, guardLiteral, OutsideNetworkError } from '../../lib/aws/guarded-lookup.ts';
import type { ApiNetwork } from '../../lib/core/source.ts';

const v4 = (address: string): LookupAddress => ({ address, family: 4 });

/** What a connection is told, in the two ways in which it asks. */
function told(network: ApiNetwork, addresses: readonly LookupAddress[], all = true): Promise<unknown> {
  return new Promise((resolve, reject) => {
    guardedLookup(network, async () => addresses)('gitlab.example', { all }, (error, address, family) =>
      error === null ? resolve(family === undefined ? address : { address, family }) : reject(error),
    );
  });
}

describe('a name that leads into a private network', () => {
  test.each(['10.1.2.3', '172.20.0.1', '192.168.1.1', '100.64.0.9', 'fd12:3456::1'])(
    'may do so where the source itself wrote it, and nowhere else: %s',
    async (address) => {
      const found = [{ address, family: address.includes(':') ? 6 : 4 }];
      expect(await told('private-too', found)).toEqual(found);
      expect(await told('private-too', found, false)).toEqual(found[0]);
      await expect(told('public', found)).rejects.toThrow(OutsideNetworkError);
    },
  );

  test('may have addresses of the internet beside it', async () => {
    const found = [v4('10.1.2.3'), v4('8.8.8.8')];
    expect(await told('private-too', found)).toEqual(found);
    await expect(told('public', found)).rejects.toThrow(OutsideNetworkError);
  });

  test('is refused with any address of this machine beside it', async () => {
    await expect(told('private-too', [v4('10.1.2.3'), v4('127.0.0.1')])).rejects.toThrow(OutsideNetworkError);
  });
});

test.each<ApiNetwork>(['public', 'private-too'])(
  'a name of the internet is one in both: %s',
  async (network) => {
    expect(await told(network, [v4('8.8.8.8')])).toEqual([v4('8.8.8.8')]);
  },
);

test.each([
  '127.0.0.1',
  '127.1.2.3',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.1.2.3',
  '0.0.0.0',
  '169.254.169.254',
  'fe80::1',
  'fd12::1%eth0',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '64:ff9b::10.1.2.3',
  '224.0.0.1',
  'localhost',
])('no name leads to this machine, its link, its metadata or nowhere: %s', async (address) => {
  for (const network of ['public', 'private-too'] as const)
    await expect(told(network, [{ address, family: 4 }])).rejects.toThrow(OutsideNetworkError);
});

describe('an address in the place of a name', () => {
  test.each<[ApiNetwork, string]>([
    ['public', '8.8.8.8'],
    ['public', '127.0.0.1'],
    ['public', 'api.example'],
    ['private-too', '10.1.2.3'],
    ['private-too', '[fd12:3456::1]'],
  ])('is let through where it belongs to the network, or is that of a stub: %s %s', (network, host) => {
    expect(() => guardLiteral(network, host)).not.toThrow();
  });

  test.each<[ApiNetwork, string]>([
    ['public', '10.1.2.3'],
    ['public', '[fd12:3456::1]'],
    ['private-too', '127.0.0.2'],
    ['private-too', '[::1]'],
    ['private-too', '[::ffff:7f00:1]'],
    ['private-too', '169.254.169.254'],
    ['private-too', '[fd00:ec2::254]'],
  ])('is refused anywhere else: %s %s', (network, host) => {
    expect(() => guardLiteral(network, host)).toThrow(OutsideNetworkError);
  });
});
