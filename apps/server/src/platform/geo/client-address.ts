import { type AddressSet, canonicalAddress } from "./address.ts";

export type ForwardedRequest = {
  /** The other end of the TCP connection. */
  socketAddress: string | undefined;
  /** All `X-Forwarded-For` lines of the request, joined by commas as HTTP allows. */
  forwardedFor?: string | undefined;
  /** What the proxy says about the country, for instance `CF-IPCountry`. */
  country?: string | undefined;
};

export type Client = {
  /** Canonical, or null when the connection has no address (a Unix socket). */
  address: string | null;
  /** A trusted proxy's word on the country; null leaves it to the database. */
  country: string | null;
};

/** `198.51.100.7`, `198.51.100.7:4711`, `2001:db8::7`, `[2001:db8::7]:443`; anything else is null. */
function parseHop(entry: string): string | null {
  const bracketed = /^\[([^\]]+)\](?::[0-9]{1,5})?$/.exec(entry);
  if (bracketed) return canonicalAddress(bracketed[1]!);
  const ported = /^([0-9.]+):[0-9]{1,5}$/.exec(entry);
  return canonicalAddress(ported ? ported[1]! : entry);
}

/** Cloudflare's and CloudFront's ways of saying "unknown" and "Tor" are no countries. */
const NO_COUNTRY = new Set(["XX", "T1", "ZZ", "A1", "A2", "AP"]);

/**
 * Who is really calling. Each proxy appends the address it was called from, so the list is read from the
 * right: every hop vouches for the one before it for as long as the hop itself is trusted. The first address
 * that is not one of our proxies is the client; what stands further left is whatever the client cared to
 * write. A malformed entry ends the walk at the last hop that could be read. Without trust in the socket
 * itself, headers say nothing at all.
 */
export function clientAddress(request: ForwardedRequest, trusted: AddressSet): Client {
  let address = canonicalAddress(request.socketAddress ?? "");
  if (address === null || !trusted.has(address)) return { address, country: null };

  const hops = (request.forwardedFor ?? "").split(",");
  while (trusted.has(address) && hops.length > 0) {
    const hop = parseHop(hops.pop()!.trim());
    if (hop === null) break;
    address = hop;
  }
  const said = request.country?.trim().toUpperCase() ?? "";
  return { address, country: /^[A-Z]{2}$/.test(said) && !NO_COUNTRY.has(said) ? said : null };
}
