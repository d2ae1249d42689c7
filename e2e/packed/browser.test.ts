import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build, type InlineConfig } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../browser.ts";
import { payAtSandbox } from "../sdk/host-page.ts";
import { type RealServer, startRealServer, type TestShop } from "../sdk/real-server.ts";
import { useConsumer } from "./consumer.ts";

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".css": "text/css" };
const consumer = useConsumer();
let browser: Browser;
let server: RealServer;
let shop: TestShop;
let site: Server;
let origin = "";
let page: Page;
/** What the page's console and its uncaught errors said; hydration warnings arrive here, too. */
const problems: string[] = [];
const loaded: string[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startRealServer()]);
  shop = await server.sell({ checkoutMode: "guest" });
  // Everything below the consumer's directory, and its `node_modules` as a server without a build step would serve them.
  site = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://host").pathname);
    const base = path.startsWith("/node_modules/") ? join(consumer.modules, "..") : consumer.dir;
    const file = join(base, path.endsWith("/") ? `${path}index.html` : path);
    const bytes = await readFile(file).catch(() => null);
    if (path === "/favicon.ico") return response.writeHead(204).end();
    response.writeHead(bytes ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/javascript" });
    response.end(bytes ?? "");
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  await server?.[Symbol.asyncDispose]();
}, 60_000);

beforeEach(async () => {
  problems.length = 0;
  loaded.length = 0;
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
});

afterEach(async () => {
  await page?.context().close();
  expect(problems).toEqual([]);
});

let people = 0;
/** Somebody new each time: what one test buys must not open the door of the next. */
const options = (more: object = {}) =>
  JSON.stringify({
    paywallId: shop.paywall,
    apiOrigin: server.origin,
    identity: { email: `visitor-${++people}@example.com` },
    shadowMode: "open",
    ...more,
  });

/** Builds an application in `name/` as its own Vite would, into `name/dist/`. */
const bundle = (name: string, more: InlineConfig = {}) =>
  build({ root: join(consumer.dir, name), base: "./", configFile: false, logLevel: "error", ...more });

const html = (script: string, head = "") =>
  `<!doctype html><html lang="en"><title>Host</title>${head}<body><button id="buy">Buy</button><div id="app"></div>${script}`;

test("a Vite application opens the plans and sells, with what it installed from the tarball", async () => {
  consumer.write({
    "vite-app/index.html": html('<script type="module" src="./main.ts"></script>'),
    "vite-app/main.ts": `import { PaywallUI } from "@tollgate/sdk";
const paywall = new PaywallUI(${options()});
paywall.on("purchase_completed", () => document.body.append("Thank you"));
document.querySelector("#buy")!.addEventListener("click", () => paywall.open());`,
  });
  await bundle("vite-app");
  await page.goto(`${origin}/vite-app/dist/`);
  await page.locator("#buy").click();
  await page.getByRole("dialog").getByText("Yearly").first().waitFor();
  const opened = page.context().waitForEvent("page");
  await page.getByRole("button", { name: /free trial|Get / }).click();
  await payAtSandbox(await opened);
  await page.getByText("Thank you").waitFor();
});

test("an application's bundle leaves every language but English for later, and loads the one that is asked for", async () => {
  consumer.write({
    "language-app/index.html": html('<script type="module" src="./main.ts"></script>'),
    "language-app/main.ts": `import { PaywallUI } from "@tollgate/sdk/ui";
const paywall = new PaywallUI(${options()});
Object.assign(window, { paywall });
document.querySelector("#buy")!.addEventListener("click", () => paywall.open());`,
  });
  await bundle("language-app");
  await page.goto(`${origin}/language-app/dist/`);
  await page.locator("#buy").click();
  await page.getByRole("dialog").getByText("Yearly").first().waitFor();
  expect(loaded.filter((path) => /\/(de|fr|ru)[.-]/.test(path))).toEqual([]);
  await page.evaluate("window.paywall.setLocale('de')");
  await page.locator("[lang=de]").first().waitFor();
  expect(loaded.filter((path) => /\/de[.-]/.test(path))).toHaveLength(1);
});

test("the CommonJS build opens the plans when a bundler takes it, later parts included", async () => {
  consumer.write({
    "cjs-app/index.html": html('<script type="module" src="./main.cjs"></script>'),
    "cjs-app/main.cjs": `const { PaywallUI } = require("@tollgate/sdk");
const paywall = new PaywallUI(${options({ locale: "de" })});
document.querySelector("#buy").addEventListener("click", () => paywall.open());`,
  });
  await bundle("cjs-app", { resolve: { conditions: ["require", "browser"] } });
  await page.goto(`${origin}/cjs-app/dist/`);
  await page.locator("#buy").click();
  await page.getByRole("dialog").waitFor();
  await page.locator("[lang=de]").first().waitFor({ state: "attached" });
});

test("a module script without any build step opens the plans through an import map", async () => {
  const map = {
    imports: {
      "@tollgate/sdk": "/node_modules/@tollgate/sdk/dist/index.js",
      preact: "/node_modules/preact/dist/preact.mjs",
      "preact/hooks": "/node_modules/preact/hooks/dist/hooks.mjs",
      "preact/jsx-runtime": "/node_modules/preact/jsx-runtime/dist/jsxRuntime.mjs",
    },
  };
  consumer.write({
    "plain/index.html": html(
      `<script type="module">
import { PaywallUI } from "@tollgate/sdk";
const paywall = new PaywallUI(${options()});
document.querySelector("#buy").addEventListener("click", () => paywall.open());
</script>`,
      `<script type="importmap">${JSON.stringify(map)}</script>`,
    ),
  });
  await page.goto(`${origin}/plain/`);
  await page.locator("#buy").click();
  await page.getByRole("dialog").getByText("Yearly").first().waitFor();
});

test("core reads prices in a web worker, where there is no document", async () => {
  consumer.write({
    "worker-app/index.html": html('<script type="module" src="./main.ts"></script>'),
    "worker-app/main.ts": `const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => document.body.append(data);`,
    "worker-app/worker.ts": `import { BillingClient } from "@tollgate/sdk/core";
const billing = new BillingClient(${options()});
billing.getPrices().then((prices) => postMessage(typeof document + " " + prices.length + " prices"));`,
  });
  await bundle("worker-app", { worker: { format: "es" } });
  await page.goto(`${origin}/worker-app/dist/`);
  await page.getByText("undefined 3 prices").waitFor();
});

test("B-333: React renders gate and button on a server, hydrates them without a warning, and the button opens the plans", async () => {
  consumer.write({
    "ssr/app.mjs": `import { createElement as h } from "react";
import { PaywallButton, PaywallGate, PaywallProvider } from "@tollgate/sdk-react";
export const App = () => h(PaywallProvider, { options: ${options()} },
  h(PaywallGate, { loading: h("p", null, "One moment"), fallback: h("p", null, "Members only") }, h("p", null, "Secret")),
  h(PaywallButton, null, "See the plans"));`,
    "ssr/render.mjs": `import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./app.mjs";
console.log(JSON.stringify(renderToString(createElement(App))));`,
    "ssr/client.mjs": `import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { App } from "./app.mjs";
hydrateRoot(document.querySelector("#app"), createElement(App), {
  onRecoverableError: (error) => console.error("recovered", error),
});`,
  });
  const rendered = await consumer.node<string>("ssr/render.mjs");
  expect(rendered).toContain("One moment");
  expect(rendered).toMatch(/<button[^>]* disabled/);
  const page0 = html('<script type="module" src="./client.mjs"></script>').replace(
    '<div id="app"></div>',
    `<div id="app">${rendered}</div>`,
  );
  consumer.write({ "ssr/index.html": page0 });
  await bundle("ssr", { define: { "process.env.NODE_ENV": '"development"' }, mode: "development" });
  await page.goto(`${origin}/ssr/dist/`);
  await page.getByText("Members only").waitFor();
  await page.getByRole("button", { name: "See the plans" }).click();
  await page.getByRole("dialog").getByText("Yearly").first().waitFor();
});
