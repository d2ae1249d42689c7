import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { findMeter, type Meter, type MeterReader, peekReads, saveMeter, takeRead } from "./index.ts";

let server: TestServer;
let shop: Shop;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const NOON = new Date("2031-03-12T12:00:00Z");

async function meterOf(values: Partial<Omit<Meter, "id" | "tenantId" | "key">> = {}): Promise<Meter> {
  const key = `m${++count}`;
  await server.deps.db.transaction((tx) =>
    saveMeter(tx, server.deps, {
      tenantId: shop.tenantId,
      key,
      maxReads: 3,
      period: "MONTH",
      anonymous: true,
      registeredBonus: 0,
      ...values,
    }),
  );
  return (await findMeter(server.deps.db, shop.tenantId, key))!;
}

const guest = (id: string): MeterReader => ({ subjects: [`anonymous:${id}`], signedIn: false });
const member = (...subjects: [string, ...string[]]): MeterReader => ({ subjects, signedIn: true });

const read = (meter: Meter, reader: MeterReader, contentId: string, now = NOON, timeZone = "UTC") =>
  server.deps.db.transaction((tx) => takeRead(tx, { meter, reader, contentId, now, timeZone }));

describe("the meter", () => {
  test("P-120, P-121, P-122: three articles are free, a second look costs nothing, the fourth is not free", async () => {
    const meter = await meterOf();
    const me = guest("a");
    expect(await read(meter, me, "1")).toMatchObject({ allowed: true, remaining: 2 });
    expect(await read(meter, me, "1")).toMatchObject({ allowed: true, remaining: 2 });
    expect(await read(meter, me, "2")).toMatchObject({ allowed: true, remaining: 1 });
    expect(await read(meter, me, "3")).toMatchObject({ allowed: true, remaining: 0 });
    expect(await read(meter, me, "4")).toMatchObject({ allowed: false, remaining: 0 });
    expect(await read(meter, me, "2")).toMatchObject({ allowed: true, remaining: 0 });
    expect(await read(meter, guest("b"), "4")).toMatchObject({ allowed: true, remaining: 2 });
  });

  test("P-124: a new window restores the allowance, in the tenant's time zone", async () => {
    const meter = await meterOf({ maxReads: 1, period: "DAY" });
    const me = guest("z");
    const berlin = (iso: string, contentId: string) =>
      read(meter, me, contentId, new Date(iso), "Europe/Berlin");
    // 23:30 in Berlin, and half an hour past midnight there: the same day in UTC.
    expect(await berlin("2031-01-10T22:30:00Z", "1")).toMatchObject({ allowed: true });
    expect(await berlin("2031-01-10T22:59:59Z", "2")).toMatchObject({ allowed: false });
    const renewed = await berlin("2031-01-10T23:30:00Z", "2");
    expect(renewed).toMatchObject({ allowed: true, renewsAt: new Date("2031-01-11T23:00:00Z") });
  });

  test("a week begins on Monday, a month on its first, also across a change of clocks", async () => {
    const week = await meterOf({ maxReads: 1, period: "WEEK" });
    const at = (iso: string, contentId: string) =>
      read(week, guest("w"), contentId, new Date(iso), "America/New_York");
    expect((await at("2031-03-08T12:00:00Z", "1")).renewsAt).toEqual(new Date("2031-03-10T04:00:00Z"));
    expect((await at("2031-03-10T03:59:00Z", "2")).allowed).toBe(false);
    expect((await at("2031-03-10T04:00:00Z", "2")).allowed).toBe(true);
  });

  test("members get their bonus, and guests nothing where the meter is for members", async () => {
    const meter = await meterOf({ maxReads: 1, anonymous: false, registeredBonus: 2 });
    expect(await read(meter, guest("g"), "1")).toMatchObject({ allowed: false });
    expect(await read(meter, member("customer:m"), "1")).toMatchObject({ allowed: true, remaining: 2 });
  });

  test("signing in gives nothing back: what was read on the device and as the customer counts together", async () => {
    const meter = await meterOf({ maxReads: 3 });
    await read(meter, guest("d"), "1");
    await read(meter, guest("d"), "2");
    const both = member("customer:c", "anonymous:d");
    expect(await read(meter, both, "2")).toMatchObject({ allowed: true, remaining: 1 });
    expect(await read(meter, both, "3")).toMatchObject({ allowed: true, remaining: 0 });
    expect(await read(meter, both, "4")).toMatchObject({ allowed: false });
    // A browser that forgot itself is still the same customer.
    expect(await read(meter, member("customer:c", "anonymous:new"), "4")).toMatchObject({ allowed: false });
    // And out again, on the old device.
    expect(await read(meter, guest("d"), "4")).toMatchObject({ allowed: false });
  });

  test("asking what is left counts nothing", async () => {
    const meter = await meterOf();
    const peek = () => peekReads(server.deps.db, { meter, reader: guest("p"), now: NOON, timeZone: "UTC" });
    expect([await peek(), await peek()]).toEqual([3, 3]);
    await read(meter, guest("p"), "1");
    expect(await peek()).toBe(2);
  });

  test("two hundred reads of ten articles at once on three devices never give more than the limit, nor count twice", async () => {
    const meter = await meterOf({ maxReads: 3 });
    const devices = ["anonymous:x", "anonymous:y", "anonymous:z"];
    const calls = Array.from({ length: 200 }, (_, i) =>
      read(meter, member("customer:busy", devices[i % 3]!), `article-${i % 10}`),
    );
    const verdicts = await Promise.all(calls);
    const opened = new Set(verdicts.flatMap(({ allowed }, i) => (allowed ? [`article-${i % 10}`] : [])));
    expect(opened.size).toBe(3);
    const rows = await server.deps.db.query<{ reader: string; n: number }>(sql`
      select reader, count(*) n from meter_reads where meter_id = ${meter.id} group by reader`);
    expect(rows.find((row) => row.reader === "customer:busy")?.n).toBe(3);
    for (const row of rows) expect(row.n).toBeLessThanOrEqual(3);
  });

  test("whatever order a reader reads in, the first n different articles are theirs and no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 5 }),
        async (reads, maxReads) => {
          const meter = await meterOf({ maxReads });
          const open: number[] = [];
          for (const article of reads) {
            const { allowed, remaining } = await read(meter, guest("any"), String(article));
            const expected = open.includes(article) || open.length < maxReads;
            if (expected && !open.includes(article)) open.push(article);
            expect(allowed).toBe(expected);
            expect(remaining).toBe(maxReads - open.length);
          }
        },
      ),
      { numRuns: 25, seed: 4711 },
    );
  });
});
