import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RealServer, startRealServer, type TestShop } from "../sdk/real-server.ts";
import { useConsumer } from "./consumer.ts";

const consumer = useConsumer();
const entries = ["@tollgate/sdk", "@tollgate/sdk/core", "@tollgate/sdk/ui", "@tollgate/sdk/testing"];
let server: RealServer;
let shop: TestShop;

beforeAll(async () => {
  server = await startRealServer();
  shop = await server.sell({ checkoutMode: "guest" });
}, 120_000);
afterAll(() => server?.[Symbol.asyncDispose]());

/** The same program for both module systems: how it gets its imports is all that differs. */
function inBothSystems(name: string, names: string, from: string, body: string) {
  consumer.write({
    [`${name}.mjs`]: `import ${names} from ${JSON.stringify(from)};\n${body}`,
    [`${name}.cjs`]: `const ${names.replace("* as ", "")} = require(${JSON.stringify(from)});\n(async () => {${body}})();`,
  });
  return [`${name}.mjs`, `${name}.cjs`];
}

test("B-1: importing core in plain Node reads neither window nor document, as ES module or CommonJS", async () => {
  const trap = `for (const name of ["window", "document", "localStorage", "navigator"])
  Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + " was read"); } });\n`;
  consumer.write({
    "trap.mjs": `${trap}const core = await import("@tollgate/sdk/core"); console.log(JSON.stringify(typeof core.BillingClient));`,
    "trap.cjs": `${trap}console.log(JSON.stringify(typeof require("@tollgate/sdk/core").BillingClient));`,
  });
  for (const file of ["trap.mjs", "trap.cjs"]) expect(await consumer.node(file)).toBe("function");
});

test("B-2: core exports nothing of the interface and loads neither it nor its runtime", async () => {
  consumer.write({
    "loads.mjs": `import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found; } });
const core = await import("@tollgate/sdk/core");
console.log(JSON.stringify({ names: Object.keys(core), loaded }));`,
    "loads.cjs": `const core = require("@tollgate/sdk/core");
console.log(JSON.stringify({ names: Object.keys(core), loaded: Object.keys(require.cache) }));`,
  });
  for (const file of ["loads.mjs", "loads.cjs"]) {
    const { names, loaded } = await consumer.node<{ names: string[]; loaded: string[] }>(file);
    expect(names).toContain("BillingClient");
    expect(names).not.toContain("PaywallUI");
    expect(names).not.toContain("blockRegistry");
    expect(loaded.some((path) => path.includes("/dist/core/index."))).toBe(true);
    for (const path of loaded) {
      expect(path).not.toMatch(/node_modules\/preact\//);
      if (!existsSync(path.replace("file://", ""))) continue;
      expect(readFileSync(path.replace("file://", ""), "utf8")).not.toMatch(/attachShadow|class PaywallUI/);
    }
  }
});

test("B-3: the root gives every value of core and ui, and they are the same objects", async () => {
  const body = `
const [all, ...parts] = await Promise.all(["@tollgate/sdk", "@tollgate/sdk/core", "@tollgate/sdk/ui"].map((name) => load(name)));
const missing = parts.flatMap((part) => Object.keys(part).filter((name) => name !== "default" && all[name] !== part[name]));
console.log(JSON.stringify({ missing, count: Object.keys(all).length }));`;
  consumer.write({
    "root.mjs": `const load = (name) => import(name);${body}`,
    "root.cjs": `const load = async (name) => require(name); (async () => {${body}})();`,
  });
  for (const file of ["root.mjs", "root.cjs"]) {
    const { missing, count } = await consumer.node<{ missing: string[]; count: number }>(file);
    expect(missing).toEqual([]);
    expect(count).toBeGreaterThan(20);
  }
});

test("every entry gives the same names to import and to require", async () => {
  consumer.write({
    "names.mjs": `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const names = (it) => Object.keys(it).filter((name) => name !== "default" && name !== "module.exports").sort();
const differing = [];
for (const name of ${JSON.stringify(entries)})
  if (String(names(await import(name))) !== String(names(require(name)))) differing.push(name);
console.log(JSON.stringify(differing));`,
  });
  expect(await consumer.node("names.mjs")).toEqual([]);
});

test("B-4: the version is the package's, and the server is told it", async () => {
  const files = inBothSystems(
    "version",
    "{ BillingClient, SDK_VERSION }",
    "@tollgate/sdk/core",
    `const sent = [];
const watching = (input, init) => { sent.push(new Headers(init.headers).get("X-SDK-Version")); return fetch(input, init); };
const billing = new BillingClient({ paywallId: process.env.PAYWALL, apiOrigin: process.env.ORIGIN, fetch: watching });
await billing.bootstrap();
console.log(JSON.stringify([SDK_VERSION, ...sent]));`,
  );
  const manifest = join(consumer.modules, "@tollgate/sdk/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  for (const file of files) expect(await consumer.node(file, target())).toEqual([version, version]);
});

test("a back end reads prices and starts a checkout with its key, as ES module and as CommonJS", async () => {
  const files = inBothSystems(
    "sell",
    "{ BillingClient }",
    "@tollgate/sdk/core",
    `const { PAYWALL: paywallId, ORIGIN: apiOrigin, KEY: apiKey } = process.env;
const billing = new BillingClient({ paywallId, apiOrigin, apiKey, identity: { email: "ada@example.com" } });
const prices = await billing.getPrices();
const { url } = await billing.createCheckout({ priceId: prices[0].id });
console.log(JSON.stringify({ prices: prices.length, url }));`,
  );
  for (const file of files) {
    const { prices, url } = await consumer.node<{ prices: number; url: string }>(file, target());
    expect(prices).toBe(3);
    expect(url).toMatch(/^http/);
  }
});

test("a fake paywall works in plain Node, without a DOM, as ES module and as CommonJS", async () => {
  const files = inBothSystems(
    "fake",
    "{ createFakePaywall }",
    "@tollgate/sdk/testing",
    `const paywall = createFakePaywall({ access: "blocked" });
const before = (await paywall.getAccess()).access;
paywall.open();
await paywall.completePurchase();
console.log(JSON.stringify([typeof document, before, (await paywall.getAccess()).access]));`,
  );
  for (const file of files) expect(await consumer.node(file)).toEqual(["undefined", "blocked", "granted"]);
});

test("whatever a bundle loads later is in the package, in both module systems, and loads in Node", async () => {
  const dist = join(consumer.modules, "@tollgate/sdk/dist");
  const lost: string[] = [];
  const chunks: string[] = [];
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!/\.c?js$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    chunks.push(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g))
      if (!existsSync(join(dirname(file), path!))) lost.push(`${entry.name}: ${path}`);
  }
  expect(lost).toEqual([]);
  expect(chunks.some((file) => file.endsWith(".cjs"))).toBe(true);
  consumer.write({
    "chunks.mjs": `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
for (const file of ${JSON.stringify(chunks)}) file.endsWith(".cjs") ? require(file) : await import(file);
console.log("true");`,
  });
  expect(await consumer.node("chunks.mjs")).toBe(true);
});

test("B-13: the React package imports React and the SDK, and carries neither", () => {
  const dist = join(consumer.modules, "@tollgate/sdk-react/dist");
  for (const file of ["index.js", "index.cjs"]) {
    const text = readFileSync(join(dist, file), "utf8");
    expect(text.startsWith('"use client"')).toBe(true);
    const imported = [...text.matchAll(/^(?:import\b.*\bfrom |.*\brequire\()["']([^"']+)["']/gm)].map(
      ([, name]) => name!,
    );
    expect(imported).toContain("react");
    for (const name of imported) expect(name).toMatch(/^(react(\/jsx-runtime)?|@tollgate\/sdk(\/\w+)?)$/);
    expect(text).not.toMatch(/attachShadow|X-SDK-Version|react\.production|ReactCurrentDispatcher/);
  }
});

const target = () => ({ PAYWALL: shop.paywall, ORIGIN: server.origin, KEY: shop.secretKey });
