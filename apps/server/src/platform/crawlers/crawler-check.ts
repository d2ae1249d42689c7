import type { Config } from "../../config.ts";
import type { Clock } from "../clock.ts";
import { createDns, type Dns } from "../dns.ts";
import { type AddressSet, addressSet, canonicalAddress, isPublicAddress } from "../geo/index.ts";
import { StartError } from "../start-error.ts";

/**
 * How each says who it is, and the domain that its addresses are named in, both ways, as its operator documents it.
 * Domains in which a company also runs what its customers make it fetch are left out.
 */
const CRAWLERS: { name: string; agent: RegExp; domains: string[] }[] = [
  { name: "googlebot", agent: /\bGooglebot\b/i, domains: ["googlebot.com"] },
  { name: "bingbot", agent: /\bbingbot\b/i, domains: ["search.msn.com"] },
  { name: "applebot", agent: /\bApplebot\b/i, domains: ["applebot.apple.com"] },
  { name: "yandexbot", agent: /\bYandexBot\b/i, domains: ["yandex.ru", "yandex.net", "yandex.com"] },
  { name: "baiduspider", agent: /\bBaiduspider\b/i, domains: ["baidu.com", "baidu.jp"] },
  { name: "duckduckbot", agent: /\bDuckDuckBot\b/i, domains: [] },
];

/** The crawler that calls from this address, or null for everybody who only says so. */
export type CrawlerCheck = (client: { address: string; userAgent: string }) => Promise<string | null>;

const KNOWN_MS = 24 * 3_600_000;
/** An address that did not prove itself may have been asked about at a bad moment. */
const UNKNOWN_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
const MAX_ASKED_AT_ONCE = 20;

type Parts = { config: Pick<Config, "crawlerRanges" | "dnsServers">; clock: Clock };

/**
 * Checks crawlers against the ranges of the configuration, then by their names: the address has a name in the crawler's
 * domain, and that name has the address. What was found is remembered for a day. While too many are being asked about,
 * further ones are taken for people.
 *
 * @throws StartError for a range that cannot be read
 */
export function createCrawlerCheck(
  { config, clock }: Parts,
  dns: Dns = createDns(config.dnsServers),
): CrawlerCheck {
  const ranges = rangesOf(config.crawlerRanges);
  let remembered = new Map<string, { answer: Promise<boolean>; untilMs: number }>();
  let asking = 0;

  async function isNamed(address: string, domains: string[]): Promise<boolean> {
    asking += 1;
    try {
      const names = await dns.namesOf(address);
      const named = names.find((name) => domains.some((it) => name.toLowerCase().endsWith(`.${it}`)));
      if (named === undefined) return false;
      const addresses = await dns.addressesOf(named);
      return addresses.some((it) => canonicalAddress(it) === address);
    } catch {
      return false;
    } finally {
      asking -= 1;
    }
  }

  async function proves(name: string, address: string, domains: string[]): Promise<boolean> {
    const key = `${name} ${address}`;
    const nowMs = clock.now().getTime();
    const before = remembered.get(key);
    if (before && before.untilMs > nowMs) return before.answer;
    if (asking >= MAX_ASKED_AT_ONCE) return false;
    if (remembered.size >= MAX_REMEMBERED) remembered = new Map();
    const entry = { answer: isNamed(address, domains), untilMs: nowMs + UNKNOWN_MS };
    remembered.set(key, entry);
    const proved = await entry.answer;
    if (proved) entry.untilMs = nowMs + KNOWN_MS;
    return proved;
  }

  return async ({ address, userAgent }) => {
    const claimed = CRAWLERS.find(({ agent }) => agent.test(userAgent.slice(0, 500)));
    const from = canonicalAddress(address);
    if (!claimed || from === null) return null;
    const { name, domains } = claimed;
    if (ranges.get(name)?.has(from)) return name;
    if (domains.length === 0 || !isPublicAddress(from)) return null;
    return (await proves(name, from, domains)) ? name : null;
  };
}

function rangesOf(entries: string[]): Map<string, AddressSet> {
  const byName = new Map<string, string[]>();
  for (const entry of entries) {
    const [, name = "", range = ""] = /^([a-z]+)=(\S+)$/i.exec(entry) ?? [];
    const known = name.toLowerCase();
    if (!CRAWLERS.some((it) => it.name === known)) {
      const names = CRAWLERS.map((it) => it.name).join(", ");
      throw new StartError(
        `TOLLGATE_CRAWLER_RANGES: "${entry}" must be a range of one of ${names}, such as googlebot=66.249.64.0/19.`,
      );
    }
    byName.set(known, [...(byName.get(known) ?? []), range]);
  }
  try {
    return new Map([...byName].map(([name, list]) => [name, addressSet(list)]));
  } catch (error) {
    throw new StartError(
      `TOLLGATE_CRAWLER_RANGES: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
