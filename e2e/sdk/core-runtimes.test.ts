import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createContext, Script } from "node:vm";
import { build } from "vite";
import { expect, test } from "vitest";
import { useCorePage } from "./core-page.ts";

interface Chunk {
  name: string;
  fileName: string;
  isEntry: boolean;
  exports: string[];
  imports: string[];
  dynamicImports: string[];
  moduleIds: string[];
}

const host = useCorePage();
const entry = new URL("../../packages/sdk/src/core/index.ts", import.meta.url).href;

test("B-1, B-2: plain Node imports the core without a DOM, reads a paywall with it, and exits by itself", async () => {
  const script = `
    const core = await import(${JSON.stringify(entry)});
    const billing = new core.BillingClient(${JSON.stringify(host.target)});
    const tracker = new core.EventTracker({ endpoint: "http://x", paywallId: "1", getVisitorId: billing.getVisitorId });
    tracker.destroy();
    const { prices } = await billing.bootstrap();
    console.log(JSON.stringify([typeof window, prices.length, Object.keys(core)]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    timeout: 30_000,
  });
  const [window, prices, names] = JSON.parse(stdout);
  expect([window, prices]).toEqual(["undefined", 3]);
  expect(names).toEqual(expect.arrayContaining(["BillingClient", "AuthClient", "ApiGatewayClient"]));
  expect(names).not.toEqual(expect.arrayContaining(["PaywallUI"]));
  expect(names).not.toEqual(expect.arrayContaining(["blockRegistry"]));
});

test("B-2, B-3: the core contains nothing of the interface, and the whole is the core and the interface", async () => {
  const source = fileURLToPath(new URL("../../packages/sdk/src/", import.meta.url));
  const built = (await build({
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    ssr: { noExternal: true },
    build: {
      write: false,
      ssr: true,
      target: "es2022",
      rollupOptions: {
        input: { all: `${source}index.ts`, core: `${source}core/index.ts`, ui: `${source}ui/index.ts` },
        preserveEntrySignatures: "strict",
      },
    },
  })) as unknown as { output: Chunk[] };
  const chunk = (name: string) => built.output.find((it) => it.isEntry && it.name === name)!;
  const names = (name: string) => [...chunk(name).exports].sort();
  expect(names("all")).toEqual([...new Set([...names("core"), ...names("ui")])].sort());
  expect(names("ui")).toEqual(expect.arrayContaining(["PaywallUI", "blockRegistry"]));
  expect(names("core")).not.toEqual(expect.arrayContaining(["PaywallUI"]));
  const reached = new Set<string>();
  const follow = (file: string) => {
    const next = built.output.find((it) => it.fileName === file);
    if (!next || reached.has(file)) return;
    reached.add(file);
    for (const other of [...next.imports, ...next.dynamicImports]) follow(other);
  };
  follow(chunk("core").fileName);
  const modules = built.output.filter((it) => reached.has(it.fileName)).flatMap((it) => it.moduleIds);
  expect(modules.filter((id) => /preact|src\/ui\//.test(id))).toEqual([]);
  expect(modules.some((id) => id.endsWith("core/billing-client.ts"))).toBe(true);
});

test("B-1: a worker imports the core, reads a paywall", async () => {
  host.pages.set("/worker.js", {
    body: `import { BillingClient } from "/sdk/index.js";
      const billing = new BillingClient(${JSON.stringify(host.target)});
      const { prices } = await billing.bootstrap();
      postMessage([typeof window, prices.length, await billing.getUser()]);`,
    headers: { "content-type": "text/javascript" },
  });
  const told = await host.page.evaluate(
    () =>
      new Promise<unknown[]>((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
  );
  expect(told).toEqual(["undefined", 3, expect.objectContaining({ has_active_subscription: false })]);
});

test("B-5: errors of the core are Errors with a code, and a status and a cause where there is one", async () => {
  await host.prepare(host.page);
  expect(
    await host.page.evaluate(() => {
      const { PaywallError } = window.sdk;
      const cause = { extra: 1 };
      const error = new PaywallError("some_code", "words", { status: 418, cause });
      const bare = new PaywallError("bare", "words");
      return [
        error instanceof Error,
        error.name,
        error.code,
        error.message,
        error.status,
        error.cause === cause,
        bare.status,
      ];
    }),
  ).toEqual([true, "PaywallError", "some_code", "words", 418, true, undefined]);
});

test("B-1: an edge-like context that has fetch and timers, but no window, document or navigator, can use the core", async () => {
  const { output } = (await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      lib: { entry: new URL(entry).pathname, formats: ["iife"], name: "core" },
      rollupOptions: { output: { codeSplitting: false } },
    },
  }).then((built) => (Array.isArray(built) ? built[0]! : built))) as { output: { code?: string }[] };
  const seen: string[] = [];
  const context = createContext({
    URL,
    URLSearchParams,
    Headers,
    FormData,
    Blob,
    AbortController,
    setTimeout,
    clearTimeout,
    queueMicrotask,
    structuredClone,
    console,
    fetch: (input: string, init: RequestInit) => {
      seen.push(input);
      return fetch(input, init);
    },
  });
  new Script(`${output[0]!.code};globalThis.core = core`).runInContext(context);
  const prices = await new Script(
    `new core.BillingClient(${JSON.stringify(host.target)}).getPrices().then((all) => all.length)`,
  ).runInContext(context);
  expect(prices).toBe(3);
  expect(seen).toHaveLength(1);
});
