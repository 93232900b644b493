/** Which addresses are out in the world: a webhook must not become a way into the house. */
import { BlockList, isIP } from 'node:net';

// IANA special-purpose registry, IPv4: everything that is not globally reachable, and multicast.
const notPublic4 = new BlockList();
for (const [net, prefix] of [
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
  ['224.0.0.0', 3],
] as const) {
  notPublic4.addSubnet(net, prefix, 'ipv4');
}

// IPv6: only global unicast is public, and of that not what carries an IPv4 address or is set aside.
const unicast6 = new BlockList();
unicast6.addSubnet('2000::', 3, 'ipv6');
const setAside6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  setAside6.addSubnet(net, prefix, 'ipv6');
}

/** True if a packet to this address leaves for the open internet; false for anything that is not an IP address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic4.check(address, 'ipv4');
    case 6:
      return unicast6.check(address, 'ipv6') && !setAside6.check(address, 'ipv6');
    default:
      return false;
  }
}
