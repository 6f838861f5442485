import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublicAddress } from '../../lib/aws/public-address.ts';

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001::5',
  '64:ff9b::8.8.8.8',
  '64:ff9b::808:808',
])('an address of the internet is public: %s', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['this machine', '127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::'],
  ['a private network', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd12:3456::1', 'fc00::1'],
  ['a carrier’s network', '100.64.0.1', '100.127.255.255'],
  [
    'a link, with the metadata of a machine on AWS',
    '169.254.169.254',
    '169.254.170.2',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
  ],
  [
    'an address inside an address',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001::1',
    '::127.0.0.1',
  ],
  [
    'everybody, nobody and examples',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    'ff02::1',
    '2001:db8::1',
  ],
  ['no address', '', 'localhost', '127.1', '0x7f.1', '8.8.8.8 ', '8.8.8.8.8', '[::1]'],
])('what leads to %s is not', (_, ...addresses) => {
  for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
});

test('an IPv4 address is as public in IPv6’s clothes as without (RFC 6052), and never so as a mapped one', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPublicAddress(`64:ff9b::${address}`)).toBe(isPublicAddress(address));
      expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
    }),
  );
});
