import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkBoundaries } from "./boundaries.mjs";

/** A project in which every arrow points where it may. */
const allowed = {
  "packages/protocol/package.json":
    '{"name":"@tollgate/protocol","type":"module","exports":{".":"./src/index.ts"}}',
  "packages/protocol/src/index.ts": "export type Price = { id: string };\nexport const schema = 1;\n",
  "packages/sdk/src/index.ts":
    'import type { Price } from "@tollgate/protocol";\nexport const price: Price = { id: "p" };\n',
  "apps/server/src/platform/clock.ts": "export const now = 0;\n",
  "apps/server/src/http/app.ts": 'export { now } from "../platform/clock.ts";\n',
  "apps/server/src/domains/catalogue/index.ts": 'export { price } from "./price.ts";\n',
  "apps/server/src/domains/catalogue/price.ts": 'export { now as price } from "../../platform/clock.ts";\n',
  "apps/server/src/domains/billing/index.ts": 'export { price } from "../catalogue/index.ts";\n',
  "apps/server/src/surfaces/paywall-api/prices.ts":
    'import { schema } from "@tollgate/protocol";\nimport { price } from "../../domains/catalogue/index.ts";\nimport "../../http/app.ts";\nexport const prices = [price, schema];\n',
  "apps/storefronts/saas/src/main.ts":
    'import { price } from "../../../../packages/sdk/src/index.ts";\nexport { price };\n',
};

/** One forbidden import each: the rule it breaks, the file it is added to, and what it imports. */
const crossings = [
  ["protocol-imports-nothing-of-ours", "packages/protocol/src/index.ts", "../../sdk/src/index.ts"],
  ["clients-take-only-types-from-protocol", "packages/sdk/src/index.ts", "@tollgate/protocol"],
  ["packages-import-no-app", "packages/sdk/src/index.ts", "../../../apps/server/src/platform/clock.ts"],
  ["apps-meet-over-http", "apps/storefronts/saas/src/main.ts", "../../../server/src/platform/clock.ts"],
  [
    "platform-imports-no-domain-or-surface",
    "apps/server/src/platform/clock.ts",
    "../domains/catalogue/index.ts",
  ],
  [
    "domains-import-no-surface",
    "apps/server/src/domains/billing/index.ts",
    "../../surfaces/paywall-api/prices.ts",
  ],
  ["http-imports-no-domain-or-surface", "apps/server/src/http/app.ts", "../domains/catalogue/index.ts"],
  ["domains-meet-at-their-index", "apps/server/src/domains/billing/index.ts", "../catalogue/price.ts"],
  [
    "others-enter-a-domain-by-its-index",
    "apps/server/src/surfaces/paywall-api/prices.ts",
    "../../domains/catalogue/price.ts",
  ],
  ["no-cycles-between-domains", "apps/server/src/domains/catalogue/index.ts", "../billing/index.ts"],
  ["imports-resolve", "apps/server/src/http/app.ts", "./nowhere.ts"],
];

let project;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "tollgate-boundaries-"));
  for (const [path, source] of Object.entries(allowed)) write(path, source);
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

describe("the boundary check", () => {
  test("passes while every import points where it may", async () => {
    expect(await checkBoundaries(project)).toMatchObject({ ok: true });
  });

  test.each(crossings)("fails with %s when %s imports %s", async (rule, path, target) => {
    write(path, `${allowed[path]}import "${target}";\n`);

    const { ok, output } = await checkBoundaries(project);

    expect(output).toContain(`${rule}: `);
    expect(output).toContain(path);
    expect(ok).toBe(false);
  });

  test("counts an import that loads a module as more than a type, and leaves tests alone", async () => {
    const path = "packages/sdk/src/index.ts";
    write(
      "packages/sdk/src/index.test.ts",
      'import { schema } from "@tollgate/protocol";\nexport { schema };\n',
    );
    expect(await checkBoundaries(project)).toMatchObject({ ok: true });

    write(path, 'import { type Price } from "@tollgate/protocol";\nexport type P = Price;\n');

    expect(await checkBoundaries(project)).toMatchObject({ ok: false });
  });

  test("sees imports that are made later, and reads the newest statements of the language", async () => {
    write(
      "apps/server/src/platform/clock.ts",
      'export async function f() {\n  await using x = await import("../domains/catalogue/index.ts");\n  return x;\n}\n',
    );

    const { output } = await checkBoundaries(project);

    expect(output).toContain("platform-imports-no-domain-or-surface: apps/server/src/platform/clock.ts");
    expect(output).not.toContain("cannot be read");
  });
});

function write(path, source) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), source);
}
