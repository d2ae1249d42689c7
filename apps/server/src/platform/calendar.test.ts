import { expect, test } from "vitest";
import { addInterval, anchorDayOf } from "./calendar.ts";

const utc = { timeZone: "UTC" };

test("a month after the 31st is the last day, and the anchor brings the 31st back", () => {
  const january = new Date("2031-01-31T12:00:00Z");
  const anchorDay = anchorDayOf(january, "UTC");
  const february = addInterval(january, "month", 1, { ...utc, anchorDay });
  expect(february.toISOString()).toBe("2031-02-28T12:00:00.000Z");
  expect(addInterval(february, "month", 1, { ...utc, anchorDay }).toISOString()).toBe(
    "2031-03-31T12:00:00.000Z",
  );
});

test("a leap day renews on the 28th in common years and on the 29th in the next leap year", () => {
  const leap = new Date("2032-02-29T00:00:00Z");
  let at = leap;
  for (const expected of ["2033-02-28", "2034-02-28", "2035-02-28", "2036-02-29"]) {
    at = addInterval(at, "year", 1, { ...utc, anchorDay: 29 });
    expect(at.toISOString().slice(0, 10)).toBe(expected);
  }
});

test("a month keeps its local hour across a change to summer time", () => {
  const before = new Date("2031-03-15T08:00:00Z"); // 09:00 in Berlin
  const after = addInterval(before, "month", 1, { timeZone: "Europe/Berlin", anchorDay: 15 });
  expect(after.toISOString()).toBe("2031-04-15T07:00:00.000Z"); // still 09:00 in Berlin
});
