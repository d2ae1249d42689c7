import { expect, test } from "vitest";
import { ManualClock } from "./clock.ts";
import { createIds, parseRef } from "./ids.ts";

test("ids of one process grow, within a millisecond and when the clock goes back", () => {
  let now = new Date("2031-03-01T10:00:00.000Z");
  const ids = createIds({ now: () => now });
  const made: string[] = [];
  for (const step of [0, 0, 1, -5000, 0, 10_000]) {
    now = new Date(now.getTime() + step);
    for (let i = 0; i < 3000; i += 1) made.push(ids.next("customer"));
  }
  expect(new Set(made).size).toBe(made.length);
  expect([...made].sort()).toEqual(made);
  for (const id of made.slice(0, 5)) expect(id).toMatch(/^cus_[0-9A-HJKMNP-TV-Z]{26}$/);
});

test("an id begins with its millisecond, as every ULID does", () => {
  const id = createIds(new ManualClock("2016-07-30T23:54:10.259Z")).next("paywall");
  expect(id.split("_")[1]?.slice(0, 10)).toBe("01ARZ3NDEK");
  expect(parseRef("paywall", id)).toEqual({ id });
});

test("two processes do not make the same ids at the same moment", () => {
  const clock = new ManualClock("2031-03-01T10:00:00.000Z");
  const first = (): string => createIds(clock).next("customer");
  expect(new Set(Array.from({ length: 1000 }, first)).size).toBe(1000);
});
