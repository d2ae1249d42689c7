import { expect, test } from "vitest";
import { pathAllowed, targetOf } from "./target.ts";

const href = (rest: string, search = "", base = "https://api.example.com/v1/") =>
  targetOf(base, rest, search)?.href;

test("the path is appended to the base address, without its leading slashes", () => {
  expect(href("chat/completions")).toBe("https://api.example.com/v1/chat/completions");
  expect(href("///chat/completions")).toBe("https://api.example.com/v1/chat/completions");
  expect(href("")).toBe("https://api.example.com/v1/");
  expect(href("x", "", "https://api.example.com")).toBe("https://api.example.com/x");
});

test("the caller's query goes on as it was written, without our own parameters", () => {
  expect(href("x", "?a=1&paywall_id=7&b=%20&test_mode=1&a=2")).toBe(
    "https://api.example.com/v1/x?a=1&b=%20&a=2",
  );
  expect(href("x", "?%70aywall_id=7")).toBe("https://api.example.com/v1/x");
  expect(href("x", "?a=1", "https://h.example/q?version=2&a=0")).toBe("https://h.example/q/x?a=1&version=2");
});

test("no path leads out of the base address", () => {
  for (const path of [
    "../secret",
    "a/../../secret",
    "a/..",
    "%2e%2e/secret",
    "a%2f..%2fsecret",
    "a\\..\\secret",
    "a%5c..",
    "a\tb",
    "a%00",
    ".",
  ]) {
    expect(href(path), path).toBeUndefined();
  }
  expect(href("@evil.example/x")).toBe("https://api.example.com/v1/@evil.example/x");
  expect(href("https://evil.example/x")).toBe("https://api.example.com/v1/https://evil.example/x");
});

test("path rules: a star is one part, two are the rest, none at all is everything", () => {
  expect(pathAllowed([], "anything")).toBe(true);
  const rules = ["chat/completions", "/models/*", "files/**"];
  expect(pathAllowed(rules, "/chat/completions/")).toBe(true);
  expect(pathAllowed(rules, "models/gpt")).toBe(true);
  expect(pathAllowed(rules, "models/gpt/delete")).toBe(false);
  expect(pathAllowed(rules, "files/a/b/c")).toBe(true);
  expect(pathAllowed(rules, "chat/completionsX")).toBe(false);
  expect(pathAllowed(["a.b"], "axb")).toBe(false);
});
