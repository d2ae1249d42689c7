import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type NameServer, startNameServer } from "../../../test/name-server.ts";
import { ManualClock } from "../clock.ts";
import { createCrawlerCheck } from "./index.ts";

const GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BING = "Mozilla/5.0 (compatible; bingbot/2.0)";
const ptr = (address: string) => `${address.split(".").reverse().join(".")}.in-addr.arpa`;

let world: NameServer;
const clock = new ManualClock("2031-03-01T10:00:00Z");
beforeAll(async () => {
  world = await startNameServer({
    [ptr("66.249.66.1")]: ["crawl-66-249-66-1.googlebot.com"],
    "crawl-66-249-66-1.googlebot.com": ["66.249.66.1"],
    // Whoever has addresses may give them any name; the name's owner does not agree.
    [ptr("8.8.8.8")]: ["crawl-8-8-8-8.googlebot.com"],
    "crawl-8-8-8-8.googlebot.com": ["66.249.66.9"],
    [ptr("9.9.9.9")]: ["crawl.googlebot.com.evil.example"],
    "crawl.googlebot.com.evil.example": ["9.9.9.9"],
    [ptr("1.1.1.1")]: ["evilgooglebot.com"],
    "evilgooglebot.com": ["1.1.1.1"],
  });
});
afterAll(() => world.close());
beforeEach(() => {
  world.asked.length = 0;
});

const checkWith = (crawlerRanges: string[] = []) =>
  createCrawlerCheck({ config: { crawlerRanges, dnsServers: [world.address] }, clock });

test("a crawler is one whose address has a name of its operator, and whose name has that address", async () => {
  const check = checkWith();
  expect(await check({ address: "66.249.66.1", userAgent: GOOGLE })).toBe("googlebot");
  expect(await check({ address: "::ffff:66.249.66.1", userAgent: GOOGLE })).toBe("googlebot");
  for (const address of ["8.8.8.8", "9.9.9.9", "1.1.1.1", "5.5.5.5"]) {
    expect(await check({ address, userAgent: GOOGLE }), address).toBeNull();
  }
  expect(await check({ address: "66.249.66.1", userAgent: BING }), "another one's name").toBeNull();
});

test("whoever does not claim to be one, and private addresses, cost no question", async () => {
  const check = checkWith();
  expect(await check({ address: "66.249.66.1", userAgent: "Mozilla/5.0 Firefox/140.0" })).toBeNull();
  for (const address of ["127.0.0.1", "10.0.0.1", "fe80::1", "unknown"]) {
    expect(await check({ address, userAgent: GOOGLE })).toBeNull();
  }
  expect(world.asked).toEqual([]);
});

test("one address is asked about once a day, also when many of its requests come at once", async () => {
  const check = checkWith();
  const client = { address: "66.249.66.1", userAgent: GOOGLE };
  const all = await Promise.all(Array.from({ length: 30 }, () => check(client)));
  expect(new Set(all)).toEqual(new Set(["googlebot"]));
  const reverse = () => world.asked.filter((it) => it === ptr("66.249.66.1")).length;
  expect(reverse()).toBe(1);
  clock.advance({ hours: 23 });
  await check(client);
  expect(reverse()).toBe(1);
  clock.advance({ hours: 2 });
  await check(client);
  expect(reverse()).toBe(2);
});

test("published ranges need no names, and hold for the crawler that they are of", async () => {
  const check = checkWith(["duckduckbot=198.51.100.0/24", "bingbot=2001:db8::/32"]);
  expect(await check({ address: "198.51.100.7", userAgent: "DuckDuckBot/1.1" })).toBe("duckduckbot");
  expect(await check({ address: "2001:db8::7", userAgent: BING })).toBe("bingbot");
  expect(await check({ address: "198.51.100.7", userAgent: GOOGLE })).toBeNull();
  expect(await check({ address: "198.51.101.7", userAgent: "DuckDuckBot/1.1" })).toBeNull();
  expect(() => checkWith(["evilbot=1.2.3.0/24"])).toThrow(/TOLLGATE_CRAWLER_RANGES/);
  expect(() => checkWith(["bingbot=1.2.3.0/99"])).toThrow(/TOLLGATE_CRAWLER_RANGES/);
});

test("when nobody answers about names, a crawler is a person", async () => {
  const dead = createCrawlerCheck({ config: { crawlerRanges: [], dnsServers: ["127.0.0.1:1"] }, clock });
  expect(await dead({ address: "66.249.66.1", userAgent: GOOGLE })).toBeNull();
});
