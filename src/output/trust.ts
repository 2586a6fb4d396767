import { isLocalName, isLoopback, leadsToPrivate } from "../net/trust.ts";
import { ProblemError } from "../shared/model/problem.ts";

/** Where results of the service come from (`docs/service.md`, "Video files"). */
const ownDomains = ["runcomfy.net", "runcomfy.com"];

/** The most characters of a host name (RFC 1035). */
const longestName = 253;

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
