import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readConfig, SAMPLE_SECRET, SETTINGS } from "./config.ts";

const root = new URL("../../../", import.meta.url);

test("without any setting the server is a demonstration on port 4400", () => {
  expect(readConfig({})).toMatchObject({
    demo: true,
    port: 4400,
    baseUrl: "http://localhost:4400",
    dataDir: "./data",
  });
});

test("a DATABASE_URL switches the demonstration off and then asks for a secret", () => {
  expect(() => readConfig({ DATABASE_URL: "postgres://x/y" })).toThrow(/TOLLGATE_SECRET is missing/);
  const config = readConfig({ DATABASE_URL: "postgres://x/y", TOLLGATE_SECRET: "s".repeat(32) });
  expect(config.demo).toBe(false);
  expect(config.webhookAllowedOrigins).toEqual([]);
});

test("all problems are reported together", () => {
  expect(() => readConfig({ PORT: "70000", TOLLGATE_SECRET: "short", SMTP_URL: "http://x" })).toThrow(
    /PORT.*TOLLGATE_SECRET.*SMTP_URL/s,
  );
});

test("a fixed code for tests is refused where real people sign in", () => {
  expect(readConfig({ TOLLGATE_TEST_CODE: "123456" }).testCode).toBe("123456");
  const real = { DATABASE_URL: "postgres://x/y", TOLLGATE_SECRET: "s".repeat(32) };
  expect(() => readConfig({ ...real, TOLLGATE_TEST_CODE: "123456" })).toThrow(/TOLLGATE_TEST_CODE/);
});

test("the sample secret is refused", () => {
  expect(() => readConfig({ TOLLGATE_SECRET: SAMPLE_SECRET })).toThrow(/\.env\.example/);
});

test(".env.example names every setting once with its default, and no other", async () => {
  const text = await readFile(new URL(".env.example", root), "utf8");
  const named = [...text.matchAll(/^#?\s?([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  expect(named.map(([name]) => name)).toEqual(Object.keys(SETTINGS));
  for (const [name, value] of named) {
    const { schema } = SETTINGS[name as keyof typeof SETTINGS];
    const fallback = schema.safeParse(undefined);
    const byDefault = fallback.success ? fallback.data : undefined;
    if (name === "TOLLGATE_SECRET") expect(value).toBe(SAMPLE_SECRET);
    else expect(value, name).toBe(byDefault === undefined ? "" : String(byDefault));
  }
});

test("docs/configuration.md explains every setting in the words of the schema", async () => {
  const text = await readFile(new URL("docs/configuration.md", root), "utf8");
  for (const [name, { meaning }] of Object.entries(SETTINGS))
    expect(text).toContain(`| \`${name}\` | ${meaning} |`);
});
