import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import type { ImageSource } from "../shared/model/draft.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** Where results of the service come from (`docs/service.md`, "Video files"). */
const ownDomains = ["runcomfy.net", "runcomfy.com"];

/** Characters of a host's name at most (RFC 1035). */
const longestName = 253;

/** Addresses that lead to no host of the public internet, or into another address that can be anything. */
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
// 6to4, and what is set aside for protocols, Teredo among it: an IPv4 address stands inside.
privateAddresses.addSubnet("2002::", 16, "ipv6");
privateAddresses.addSubnet("2001::", 23, "ipv6");

/** All IPv6 that is public: what is given out to hosts (IANA), and IPv4 in its two forms. */
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

/** True for a name that by RFC 6761 means this machine, though a resolver may not know: too little to trust it by. */
function isLocalName(hostname: string): boolean {
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

/** True when a host is this machine, or a name or address of a private network, as far as that can be told from here. */
export async function leadsToPrivate(hostname: string): Promise<boolean> {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isLocalName(bare) || (isIP(bare) === 0 ? await resolve(bare) : [bare]).some(isPrivate);
}

/**
 * Refuses a pair with an address that the service cannot read: it would be sent, and may be paid for, in vain. A name that
 * cannot be resolved here is left to the service.
 * @throws {ProblemError} `imageAddressPrivate` for this machine, a private network, or a name without a domain.
 */
export async function checkReadable(pair: { readonly start: ImageSource; readonly end: ImageSource }): Promise<void> {
  for (const side of ["start", "end"] as const) {
    const image = pair[side];
    if (image.kind === "url") {
      const { hostname } = new URL(image.url);
      if (isUnnamed(hostname) || (await leadsToPrivate(hostname))) {
        throw new ProblemError({ code: "imageAddressPrivate", side, host: hostname });
      }
    }
  }
}

/** True for a name that only a local network gives a meaning to: one without a domain, or in one that is not public. */
function isUnnamed(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return (
    isIP(name.replace(/^\[|\]$/g, "")) === 0 &&
    (!name.includes(".") || /\.(localhost|local|internal|home\.arpa|lan)$/.test(name))
  );
}

/** Where a video may be fetched from, besides RunComfy's own hosts. */
export interface Trust {
  /** Origin of the API; when it is this machine, downloads from this machine are trusted too. */
  readonly service: string;
  /** Further https hosts that the user trusts, lower case. */
  readonly hosts: readonly string[];
}

/**
 * Refuses an address that a video must not be fetched from. Never: anything but https, user names, this machine (unless the
 * API is there too), private networks, and foreign names that lead there. Unless trusted: hosts that are not RunComfy's own.
 * A name that cannot be resolved here is left to the proxy; RunComfy's own names are proven by their certificates.
 * @throws {ProblemError} `hostNotTrusted` with the host, `never` where no trust of the user's can change it.
 */
export async function checkTrusted(address: string, trust: Trust): Promise<URL> {
  const url = URL.parse(address);
  // A problem keeps it: no name is longer.
  const host = url?.hostname.toLowerCase().slice(0, longestName) ?? "?";
  const never = () => new ProblemError({ code: "hostNotTrusted", host, never: true });
  if (url === null || url.username !== "" || url.password !== "") {
    throw never();
  }
  if (isLoopback(host)) {
    if (isLoopback(new URL(trust.service).hostname) && /^https?:$/.test(url.protocol)) {
      return url;
    }
    throw never();
  }
  if (url.protocol !== "https:" || isLocalName(host)) {
    throw never();
  }
  if (ownDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))) {
    return url;
  }
  if (await leadsToPrivate(host)) {
    throw never();
  }
  if (!trust.hosts.includes(host)) {
    throw new ProblemError({ code: "hostNotTrusted", host });
  }
  return url;
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map((entry) => entry.address);
  } catch {
    return [];
  }
}
