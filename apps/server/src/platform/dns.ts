import { lookup as systemLookup } from "node:dns";
import { Resolver } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";

/** How names become addresses, and addresses names. */
export type Dns = {
  /** For sockets: the system's way, or the named servers alone. */
  lookup: LookupFunction;
  /** Every address of a name. @throws when it has none, or nobody answers in time. */
  addressesOf(name: string): Promise<string[]>;
  /** The names that an address is published under. @throws when it has none, or nobody answers in time. */
  namesOf(address: string): Promise<string[]>;
};

const TIMEOUT_MS = 2000;

/** @param servers addresses such as `10.0.0.2` or `10.0.0.2:5353`; none means those of the system. */
export function createDns(servers: string[]): Dns {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const addressesOf = async (name: string): Promise<string[]> => {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = found.flatMap((it) => (it.status === "fulfilled" ? it.value : []));
    if (addresses.length === 0) throw (found[0] as PromiseRejectedResult).reason;
    return addresses;
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    const answer = (addresses: string[]) => {
      const all = addresses.map((address) => ({ address, family: isIP(address) }));
      if (options.all) callback(null, all);
      else callback(null, all[0]?.address ?? "", all[0]?.family);
    };
    if (isIP(hostname)) return answer([hostname]);
    addressesOf(hostname).then(answer, (error: NodeJS.ErrnoException) => callback(error, "", 0));
  };
  return {
    lookup: servers.length > 0 ? lookup : (systemLookup as LookupFunction),
    addressesOf,
    namesOf: (address) => resolver.reverse(address),
  };
}
