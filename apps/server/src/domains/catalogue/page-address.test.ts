import { expect, test } from "vitest";
import { pageKey, pagePattern } from "./index.ts";

test("one page is one page, however its address is written and whatever followed the reader there", () => {
  const same = [
    "https://News.example/politics/budget",
    "http://news.example/politics/budget/",
    "https://news.example:443/politics/budget?utm_source=x&fbclid=y#comments",
    "https://news.example/politics/budget/?token=abc&se=17",
  ];
  expect(new Set(same.map(pageKey))).toEqual(new Set(["news.example/politics/budget"]));
});

test("another path, another host, another port or a parameter that matters is another page", () => {
  const keys = [
    "https://news.example/a",
    "https://news.example/A",
    "https://www.news.example/a",
    "https://news.example:8443/a",
    "https://news.example/?p=1",
    "https://news.example/?p=2",
  ].map(pageKey);
  expect(new Set(keys).size).toBe(6);
  expect(pageKey("https://news.example/?b=1&a=2")).toBe(pageKey("https://news.example/?a=2&utm_term=x&b=1"));
});

test("what is no web address has no key", () => {
  for (const address of ["", "news.example/a", "javascript:alert(1)", "https://u:p@news.example/", "//x"]) {
    expect(pageKey(address), address).toBeNull();
  }
});

test("a pattern covers what is behind its host, and never another host", () => {
  expect(pagePattern("https://news.example/politics/*")).toBe("news.example/politics/%");
  expect(pagePattern("https://News.example/")).toBe("news.example");
  expect(pagePattern("https://news.example/100%_*")).toBe("news.example/100\\%\\_%");
  for (const pattern of ["https://*.example/", "https://*/a", "news.example/*", "*", "https://a@b/*"]) {
    expect(pagePattern(pattern), pattern).toBeNull();
  }
});
