import { BlockList, isIP } from "node:net";

// Special-purpose ranges of IANA's registries, and the one cloud metadata address outside them.
const V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

// Inside the global unicast range: Teredo and other protocol assignments, documentation, 6to4. 6to4 and
// Teredo carry an IPv4 address that a relay would reach for us.
const V6_WITHIN_GLOBAL = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

function ranges(family: "ipv4" | "ipv6", list: string[]): BlockList {
  const blocks = new BlockList();
  for (const range of list) {
    const [network, bits] = range.split("/") as [string, string];
    blocks.addSubnet(network, Number(bits), family);
  }
  return blocks;
}

const specialV4 = ranges("ipv4", V4);
const specialV6 = ranges("ipv6", V6_WITHIN_GLOBAL);
const globalV6 = ranges("ipv6", ["2000::/3"]);

/**
 * Whether a packet to this address leaves for the public internet. IPv6 must be global unicast, which rules
 * out loopback, link-local, unique-local, multicast, IPv4-mapped and NAT64 forms in one stroke. That is
 * stricter than what `platform/geo` calls public, which is about visitors: here a doubt is a refusal.
 */
export function mayConnectTo(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !specialV4.check(address, "ipv4");
  if (family !== 6) return false;
  // A zone (`fe80::1%eth0`) only makes sense on a local link.
  if (address.includes("%")) return false;
  return globalV6.check(address, "ipv6") && !specialV6.check(address, "ipv6");
}
