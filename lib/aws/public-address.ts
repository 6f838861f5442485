import net from 'node:net';

/**
 * Special-purpose addresses by IANA's registry
 * (https://www.iana.org/assignments/iana-ipv4-special-registry): this machine, private networks, carriers' (CGNAT), link-local with the
 * metadata of a cloud machine, documentation, benchmarks, multicast, reserved.
 */
const SPECIAL_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/**
 * Of IPv6 only what is assigned for global unicast is public (https://www.iana.org/assignments/ipv6-unicast-address-assignments), without
 * what carries an IPv4 address inside (Teredo, 6to4) or is for documentation and benchmarks. By that neither mapped, loopback, unique
 * local nor link-local addresses are.
 */
const GLOBAL_V6 = ['2000::', 3] as const;
const SPECIAL_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

/** How a network that has IPv6 only writes IPv4 addresses (RFC 6052): public if the last 32 bits are. */
const NAT64 = '64:ff9b::';

/** Private networks (RFC 1918), carriers' (RFC 6598), unique local ones (RFC 4193). */
const PRIVATE = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
] as const;

/** What a machine is told by its cloud, credentials too, at addresses of those: of AWS, of Google, of Alibaba. */
const METADATA = [
  ['fd00:ec2::', 32, 'ipv6'],
  ['fd20:ce::254', 128, 'ipv6'],
  ['100.100.100.200', 32, 'ipv4'],
] as const;

/** A list of both would take a mapped IPv4 address for the one inside. */
const privateNetworks = { ipv4: new net.BlockList(), ipv6: new net.BlockList() };
for (const [network, prefix, family] of PRIVATE) privateNetworks[family].addSubnet(network, prefix, family);

const metadata = new net.BlockList();
for (const [network, prefix, family] of METADATA) metadata.addSubnet(network, prefix, family);

const specialV4 = new net.BlockList();
for (const [network, prefix] of SPECIAL_V4) specialV4.addSubnet(network, prefix, 'ipv4');

const globalV6 = new net.BlockList();
globalV6.addSubnet(...GLOBAL_V6, 'ipv6');

const specialV6 = new net.BlockList();
for (const [network, prefix] of SPECIAL_V6) specialV6.addSubnet(network, prefix, 'ipv6');

const nat64 = new net.BlockList();
nat64.addSubnet(NAT64, 96, 'ipv6');

const nat64Special = new net.BlockList();
for (const [network, prefix] of SPECIAL_V4) nat64Special.addSubnet(`${NAT64}${network}`, 96 + prefix, 'ipv6');

/**
 * Whether an address is one of the internet's. Anything that is no IP address is not.
 * @example isPublicAddress('169.254.169.254') // false
 */
export function isPublicAddress(address: string): boolean {
  switch (net.isIP(address)) {
    case 4:
      return !specialV4.check(address, 'ipv4');
    case 6:
      return nat64.check(address, 'ipv6')
        ? !nat64Special.check(address, 'ipv6')
        : globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * Whether an address is one of a private network: never this machine, its link, the metadata of a cloud, or an address inside an address.
 * @example isPrivateAddress('10.1.2.3') // true
 */
export function isPrivateAddress(address: string): boolean {
  const family = familyOf(address);
  return (
    family !== undefined && privateNetworks[family].check(address, family) && !metadata.check(address, family)
  );
}

/** An address with a zone (`%eth0`) is one of a link, whatever it looks like. */
function familyOf(address: string): net.IPVersion | undefined {
  if (net.isIPv4(address)) return 'ipv4';
  return net.isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
}
