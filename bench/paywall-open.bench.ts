// From `open()` to the shell and to the prices, in Chromium against a server of its own: with everything cached (one frame),
// cold (one request, then one frame), and cold on a processor throttled four times. A page counts its own animation frames,
// so that a slow machine changes the times but hardly the verdicts. Budgets: design §6.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { launchBrowser } from "../e2e/browser.ts";
import { ServerProcess } from "../e2e/server-process.ts";
import { verdict } from "./kit.ts";

const ROUNDS = 5;
const THROTTLED_MS = 600;
const LONG_TASK_MS = 50;

type Opening = {
  shellMs: number;
  pricesMs: number;
  /** Animation frames from `open()` to the first that shows the shell, and the prices. */
  shellFrames: number;
  pricesFrames: number;
  /** Frames from the moment the bootstrap was read to the first that shows the prices. */
  framesAfterAnswer: number;
  longestTaskMs: number;
  /** Of the host's page, and of what is inside the modal. */
  layoutShift: number;
  innerShift: number;
};
type Round = Opening & { asked: string[]; heapMegabytes: number };
/** Statistics are sent when nobody waits for anything. */
const waitedFor = ({ asked }: Round) =>
  asked.filter((it) => !it.startsWith("OPTIONS") && !it.endsWith("events")).length;

/** Runs in the page. Frames are counted before they are painted: what a frame's callback finds is what it shows. */
const measureInPage = `async (warm) => {
  const options = { paywallId: PAYWALL, apiOrigin: ORIGIN, shadowMode: "open" };
  const paywall = new sdk.PaywallUI(options);
  if (warm) await paywall.preload();
  // A first opening loads the interface's lazy parts; a cached one has them.
  if (warm) {
    paywall.open({ skipTrial: true });
    while (paywall.getState().view !== "layout") await new Promise(requestAnimationFrame);
    paywall.close();
    await new Promise((done) => setTimeout(done, 500));
  }
  let longest = 0;
  let shift = 0;
  let inner = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
  }).observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // What moves inside the modal is its own affair and shown beside; the host's page must not move at all.
      const ofHost = entry.sources.some(({ node }) => node && !node.closest?.("[data-paywall-host]"));
      if (ofHost) shift += entry.value;
      else inner += entry.value;
    }
  }).observe({ type: "layout-shift" });
  let answered = Number.POSITIVE_INFINITY;
  paywall.billing.onBootstrapChange(() => (answered = Math.min(answered, performance.now())));
  const dialog = () => document.querySelector("[data-paywall-host]")?.shadowRoot?.querySelector("[role=dialog], dialog, [role=alertdialog]");
  const shown = (element) => !!element && element.getBoundingClientRect().height > 0;
  const result = { shellFrames: 0, pricesFrames: 0, framesAfterAnswer: 0, shellMs: 0, pricesMs: 0 };
  await new Promise(requestAnimationFrame);
  const started = performance.now();
  paywall.open({ skipTrial: true });
  await new Promise((done) => {
    let frames = 0;
    let after = 0;
    const look = () => {
      frames++;
      const now = performance.now();
      if (now > answered) after++;
      if (!result.shellFrames && shown(dialog())) Object.assign(result, { shellFrames: frames, shellMs: now - started });
      const prices = dialog()?.querySelector("[role=radio]");
      if (!shown(prices)) return requestAnimationFrame(look);
      Object.assign(result, { pricesFrames: frames, pricesMs: now - started, framesAfterAnswer: after });
      done();
    };
    requestAnimationFrame(look);
  });
  // Whatever was put off until after the first picture belongs to the opening, too.
  await new Promise((done) => setTimeout(done, 1000));
  return { ...result, longestTaskMs: longest, layoutShift: shift, innerShift: inner };
}`;

const work = mkdtempSync(join(tmpdir(), "tollgate-open-"));
const sdk = fileURLToPath(new URL("../packages/sdk/", import.meta.url));
await build({
  root: sdk,
  configFile: false,
  logLevel: "silent",
  base: "./",
  build: {
    outDir: work,
    emptyOutDir: true,
    minify: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { sdk: join(sdk, "dist/index.js") },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js" },
    },
  },
});
const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<style>body{font:16px system-ui;margin:40px;min-height:3000px}</style><h1>Host page</h1><p>Words.</p>
<script type="module">import * as sdk from "/sdk.js"; window.sdk = sdk;</script>`;
const site = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://host").pathname;
  if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(html);
  try {
    const text = readFileSync(join(work, path));
    response.writeHead(200, { "content-type": "text/javascript" }).end(text);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

async function openOnce(
  browser: Browser,
  server: ServerProcess,
  paywall: string,
  how: { warm: boolean; throttle: number },
) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Network.enable");
    const asked: string[] = [];
    cdp.on("Network.requestWillBeSent", ({ request, type }) => {
      if (!request.url.startsWith(server.baseUrl)) return;
      const { pathname } = new URL(request.url);
      asked.push(`${type === "Preflight" ? "OPTIONS" : request.method} ${pathname.split("/").at(-1)}`);
    });
    await page.goto(origin);
    await page.waitForFunction("window.sdk");
    await page.evaluate(
      `window.PAYWALL = ${JSON.stringify(paywall)}; window.ORIGIN = ${JSON.stringify(server.baseUrl)};`,
    );
    const heap = async () => {
      await cdp.send("HeapProfiler.collectGarbage");
      return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1_000_000;
    };
    const before = await heap();
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: how.throttle });
    const opening = (await page.evaluate(`(${measureInPage})(${how.warm})`)) as Opening;
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    return { ...opening, asked, heapMegabytes: (await heap()) - before };
  } finally {
    await context.close();
  }
}

const middle = (rounds: Round[], pick: (round: Round) => number) =>
  rounds.map(pick).sort((a, b) => a - b)[Math.floor(rounds.length / 2)]!;

try {
  await using server = await ServerProcess.start();
  const { paywalls } = await server.demo();
  const browser = await launchBrowser();
  try {
    const cases = {
      cached: [] as Round[],
      cold: [] as Round[],
      throttled: [] as Round[],
      "cached, throttled": [] as Round[],
    };
    // One opening that nobody counts: the server's and the browser's first of everything.
    await openOnce(browser, server, paywalls.app.id, { warm: false, throttle: 1 });
    for (let round = 0; round < ROUNDS; round++) {
      const once = (warm: boolean, throttle: number) =>
        openOnce(browser, server, paywalls.app.id, { warm, throttle });
      cases.cold.push(await once(false, 1));
      cases.cached.push(await once(true, 1));
      cases.throttled.push(await once(false, 4));
      cases["cached, throttled"].push(await once(true, 4));
    }
    for (const [name, rounds] of Object.entries(cases)) {
      const at = (pick: (round: Round) => number, digits = 0) => middle(rounds, pick).toFixed(digits);
      console.log(
        `${name}: shell ${at((r) => r.shellMs)} ms (frame ${at((r) => r.shellFrames)}), prices ${at((r) => r.pricesMs)} ms ` +
          `(frame ${at((r) => r.pricesFrames)}, ${at((r) => r.framesAfterAnswer)} after the answer); ` +
          `asked ${rounds[0]!.asked.join(", ") || "nothing"}; longest task ${at((r) => r.longestTaskMs)} ms; ` +
          `layout shift ${at((r) => r.layoutShift, 3)}, inside ${at((r) => r.innerShift, 3)}; heap +${at((r) => r.heapMegabytes, 2)} MB`,
      );
    }
    verdict(
      "cached: frames to the prices against one",
      middle(cases.cached, (r) => r.pricesFrames),
      { atMost: 1 },
    );
    verdict(
      "cold: frames to the shell against one",
      middle(cases.cold, (r) => r.shellFrames),
      { atMost: 1 },
    );
    verdict("cold: requests against one", middle(cases.cold, waitedFor), { atMost: 1 });
    verdict(
      "cold: frames after the answer against one",
      middle(cases.cold, (r) => r.framesAfterAnswer),
      { atMost: 1 },
    );
    verdict(
      "4× throttled, cold: prices against 600 ms",
      middle(cases.throttled, (r) => r.pricesMs) / THROTTLED_MS,
      { atMost: 1 },
    );
    const longest = Math.max(
      middle(cases.throttled, (r) => r.longestTaskMs),
      middle(cases["cached, throttled"], (r) => r.longestTaskMs),
    );
    verdict("4× throttled: the longest task against 50 ms", longest / LONG_TASK_MS, { atMost: 1 });
    const shift = Math.max(...Object.values(cases).flatMap((rounds) => rounds.map((r) => r.layoutShift)));
    verdict("layout shift of the host page against none", shift, { atMost: 0 });
    const ratios = [
      middle(cases.cached, (r) => r.pricesFrames),
      middle(cases.cold, (r) => r.framesAfterAnswer),
      middle(cases.throttled, (r) => r.pricesMs) / THROTTLED_MS,
      longest / LONG_TASK_MS,
    ];
    verdict("open() against its limits, the worst", Math.max(...ratios), { atMost: 1 });
  } finally {
    await browser.close();
  }
} finally {
  site.closeAllConnections();
  site.close();
  rmSync(work, { recursive: true, force: true });
}
