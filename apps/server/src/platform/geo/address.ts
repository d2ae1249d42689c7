import { BlockList, isIP, SocketAddress } from "node:net";

// Ranges that belong to nobody in particular (RFC 6890 and its registry): no country, and never a visitor
// from the Internet. The bundled database carries rows for some of them, which is why we ask here first.
const SPECIAL_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
const SPECIAL_V6 = [
  "::/127",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
];

/** Short names for the ranges that operators put proxies in. */
const NAMED_RANGES = new Map<string, readonly string[]>(
  Object.entries({
    loopback: ["127.0.0.0/8", "::1/128"],
    private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"],
  }),
);

/** A set of addresses. An IPv4 address and the same address mapped into IPv6 are one member. */
export interface AddressSet {
  has(address: string): boolean;
}

/**
 * Reads ranges such as `10.0.0.0/8`, `2001:db8::/32`, single addresses, and the names `loopback` and `private`.
 *
 * @throws an Error that names the entry it cannot read; meant for the operator who wrote it.
 */
export function addressSet(ranges: readonly string[]): AddressSet {
  const list = blockList(ranges);
  return {
    has(address) {
      const canonical = canonicalAddress(address);
      return canonical !== null && holds(list, canonical);
    },
  };
}

const holds = (list: BlockList, canonical: string): boolean =>
  list.check(canonical, canonical.includes(":") ? "ipv6" : "ipv4");

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges.flatMap((name) => NAMED_RANGES.get(name) ?? [name])) {
    const [base = "", bits, ...rest] = range.split("/");
    const family = isIP(base) === 4 ? "ipv4" : "ipv6";
    const width = family === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? width : /^[0-9]{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (isIP(base) === 0 || rest.length > 0 || !(prefix <= width)) {
      throw new Error(
        `"${range}" is not an address, a range such as 10.0.0.0/8, or one of: loopback, private`,
      );
    }
    list.addSubnet(base, prefix, family);
  }
  return list;
}

const MAPPED = /^::ffff:([0-9.]+)$/i;

/**
 * One spelling per address, so that it can be compared, counted and hashed: IPv4 in IPv6 is unwrapped, zones
 * are dropped, IPv6 is lower-cased and shortened. What is not an address is null.
 */
export function canonicalAddress(text: string): string | null {
  const bare = text.includes("%") ? text.slice(0, text.indexOf("%")) : text;
  const kind = isIP(bare);
  if (kind === 0) return null;
  if (kind === 4) return bare;
  const short = new SocketAddress({ address: bare, family: "ipv6" }).address.toLowerCase();
  return MAPPED.exec(short)?.[1] ?? short;
}

const special = blockList([...SPECIAL_V4, ...SPECIAL_V6]);

/** {@link isPublicAddress} for text that {@link canonicalAddress} returned; anything else may throw. */
export const isPublicCanonical = (canonical: string): boolean => !holds(special, canonical);

/** Whether the text is an address that could be a visitor, or a server, on the public Internet. */
export function isPublicAddress(text: string): boolean {
  const canonical = canonicalAddress(text);
  return canonical !== null && isPublicCanonical(canonical);
}

/**
 * What one subscriber's line is counted as: an IPv4 address, or the /64 network of an IPv6 address, inside
 * which a machine may choose any address it likes.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const middle = address.includes("::")
    ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0")
    : [];
  return `${[...left, ...middle, ...right].slice(0, 4).join(":")}::/64`;
}
