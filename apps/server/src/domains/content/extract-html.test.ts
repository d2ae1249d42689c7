import { expect, test } from "vitest";
import { createExtractor } from "./extract-html.ts";

const PAGE = `<!doctype html><title>t</title><p>Lead<div id=a class="x y"><p>One<p>Two <b>bold</b></div><div class=x>Later</div>`;

test("the first element that matches gives its inner HTML, as a browser would parse the page", async () => {
  const { extract } = createExtractor();
  expect(await extract(PAGE, ".x")).toEqual({ outcome: "found", html: "<p>One</p><p>Two <b>bold</b></p>" });
  expect(await extract(PAGE, "div.x:not(#a)")).toEqual({ outcome: "found", html: "Later" });
  expect(await extract(PAGE, null)).toMatchObject({
    html: expect.stringMatching(/^<p>Lead<\/p><div id="a"/),
  });
  expect(await extract("", null)).toEqual({ outcome: "found", html: "" });
});

test("what is not there, and what is no selector, are told apart", async () => {
  const { extract } = createExtractor();
  expect(await extract(PAGE, "#none")).toEqual({ outcome: "not_found" });
  for (const selector of ["[", "::part(x)", "p:nonsense(1)"]) {
    expect(await extract(PAGE, selector), selector).toEqual({ outcome: "bad_selector" });
  }
});

test("a page or a selector that never ends is ended, and the next one is served", async () => {
  const { extract } = createExtractor(2500);
  // The matcher tries every way in which five of three hundred ancestors can be chosen.
  const deep = `${"<div>".repeat(300)}<b>x`;
  const asked = [extract(deep, "span div div div div div b"), extract(PAGE, "#a b")];
  expect(await Promise.all(asked)).toEqual([{ outcome: "too_complex" }, { outcome: "found", html: "bold" }]);
});

test("a page that is nested deeper than anybody writes is an answer, not a crash", async () => {
  const { extract } = createExtractor(60_000);
  const { outcome } = await extract(`${"<div>".repeat(20_000)}x`, null);
  expect(["found", "too_complex"]).toContain(outcome);
  expect(await extract(PAGE, "#a b")).toEqual({ outcome: "found", html: "bold" });
});

test("more than fifty that wait are refused", async () => {
  const { extract } = createExtractor();
  const asked = Array.from({ length: 60 }, async () => extract(PAGE, "#a b"));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.filter((it) => it.status === "rejected")).toHaveLength(10);
});
