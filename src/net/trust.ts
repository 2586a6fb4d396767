import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Which hosts are this machine or lie in a private network. */

/** Addresses of no host on the public internet, and those that embed another address, which can be anything. */
const privateAddresses = new BlockList();
// Not 198.18.0.0/15: VPN clients that resolve names themselves hand out its addresses for every host.
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
  // In networks without IPv4 every IPv4 address is reached under this prefix.
  privateAddresses.addSubnet(`64:ff9b::${network}`, 96 + prefix, "ipv6");
}
// 6to4, and the range reserved for protocols such as Teredo: both embed an IPv4 address.
privateAddresses.addSubnet("2002::", 16, "ipv6");
privateAddresses.addSubnet("2001::", 23, "ipv6");

/** All public IPv6: the range assigned to hosts (IANA), and IPv4 in its two forms. */
const publicAddresses = new BlockList();
for (const [network, prefix] of [
  ["2000::", 3],
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
] as const) {
  publicAddresses.addSubnet(network, prefix, "ipv6");
}

/** True for a host name or address that means this machine. */
export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

/** True for a name that means this machine by RFC 6761. A resolver may disagree, so this is not enough to trust it. */
export function isLocalName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname);
}

/** True for an address of this machine, of a private network or of no single host. */
function isPrivate(address: string): boolean {
  const [bare = ""] = address.split("%");
  switch (isIP(bare)) {
    case 4:
      return privateAddresses.check(bare, "ipv4");
    case 6:
      return privateAddresses.check(bare, "ipv6") || !publicAddresses.check(bare, "ipv6");
    default:
      return false;
  }
}

/** True if a host is this machine or in a private network, as far as it can be resolved from here. */
export async function leadsToPrivate(hostname: string): Promise<boolean> {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isLocalName(bare) || (isIP(bare) === 0 ? await resolve(bare) : [bare]).some(isPrivate);
}

/** True for a name that only a local network can resolve: one without a domain, or in a domain that is not public. */
export function isUnnamed(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return (
    isIP(name.replace(/^\[|\]$/g, "")) === 0 &&
    (!name.includes(".") || /\.(localhost|local|internal|home\.arpa|lan)$/.test(name))
  );
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map((entry) => entry.address);
  } catch {
    return [];
  }
}
