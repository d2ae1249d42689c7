import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, parseSync } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
// @ts-expect-error: a plain script of the build, without types
import { bundleForApplication } from "../scripts/size.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside the package, so that what it imports is found from there.
let dist = "";
const read = (name: string) => readFileSync(join(dist, name), "utf8");

beforeAll(async () => {
  dist = mkdtempSync(join(root, ".test-"));
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir: dist } });
}, 60_000);
afterAll(() => rmSync(dist, { recursive: true, force: true }));

/** Comments may speak of anything. */
const codeOf = (name: string): string => read(name).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const importsOf = (code: string): string[] =>
  [...code.matchAll(/(?:\bfrom\s*|\brequire\()["']([^"']+)["']/g)].map(([, specifier]) => specifier!).sort();

test("B-13: the built bundle contains neither React nor the SDK; it takes both from the application", () => {
  for (const name of ["index.js", "index.cjs"]) {
    const code = codeOf(name);
    expect(importsOf(code)).toEqual(["@tollgate/sdk/ui", "react"]);
    for (const inside of [
      "react.transitional.element",
      "__CLIENT_INTERNALS",
      "attachShadow",
      "X-SDK-Version",
    ])
      expect(code).not.toContain(inside);
  }
});

test("the client directive is the first statement of both formats", () => {
  for (const name of ["index.js", "index.cjs"]) {
    const [first] = parseSync(name, read(name)).program.body;
    expect(first).toMatchObject({ type: "ExpressionStatement", directive: "use client" });
  }
});

test("an application pays at most 2 KB for everything, minified and compressed", async () => {
  expect(gzipSync(await bundleForApplication(), { level: 9 }).length).toBeLessThanOrEqual(2000);
});

test("the exports are those of the contract", async () => {
  const names = Object.keys((await import(join(dist, "index.js"))) as object).sort();
  expect(names).toEqual([
    "PaywallButton",
    "PaywallGate",
    "PaywallProvider",
    "PaywallSupportButton",
    "usePaywall",
    "usePaywallAccess",
    "usePaywallEvent",
    "usePaywallOffer",
    "usePaywallOffers",
    "usePaywallPrices",
    "usePaywallState",
    "usePaywallTrial",
    "usePaywallUser",
    "usePaywallVisibility",
  ]);
});

test("a module of server components may import it: under the react-server condition nothing crashes, in either format", () => {
  const page = (line: string, last: string) => `${line}
const { createElement, createContext } = ${last};
if (createContext) throw new Error("this is not the React of server components");
const page = createElement(PaywallProvider, { options: { paywallId: "1", apiOrigin: "https://pay.example.com" } });
console.log(page.type === PaywallProvider && typeof PaywallButton);`;
  writeFileSync(
    join(dist, "page.mjs"),
    `import * as React from "react";\n${page('import { PaywallButton, PaywallProvider } from "./index.js";', "React")}`,
  );
  writeFileSync(
    join(dist, "page.cjs"),
    page('const { PaywallButton, PaywallProvider } = require("./index.cjs");', 'require("react")'),
  );
  for (const name of ["page.mjs", "page.cjs"]) {
    const said = execFileSync(process.execPath, ["--conditions=react-server", join(dist, name)], {
      encoding: "utf8",
    });
    expect(said.trim()).toBe("object");
  }
});
