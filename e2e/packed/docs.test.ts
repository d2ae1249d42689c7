import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RealServer, startRealServer, type TestShop } from "../sdk/real-server.ts";
import { useConsumer } from "./consumer.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const consumer = useConsumer();
let server: RealServer;
let shop: TestShop;

type Example = { page: string; line: number; file: string; code: string; runnable: boolean };

const pages = [
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
  ...["sdk", "sdk-react", "client"].map((name) => `packages/${name}/README.md`),
  "README.md",
].filter((page) => existsSync(join(root, page)));

/** Every fenced block in TypeScript. What follows `ts` on the opening line are words for this test. */
function examplesOf(page: string): Example[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(tsx?)\b([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length + 1;
    const name = page.replaceAll(/[/.]/g, "-");
    const runnable = /\brunnable\b/.test(match[2]!);
    const extension = runnable ? "mts" : match[1]!;
    return { page, line, file: `docs/${name}-${line}.${extension}`, code: match[3]!, runnable };
  });
}

/** The names that the pages' examples share without declaring them; docs/sdk/README.md tells readers of the first ones. */
const shared = `import type { AuthClient, BillingClient } from "@tollgate/sdk/core";
import type { PaywallUI } from "@tollgate/sdk";
declare global {
  const paywall: PaywallUI;
  const billing: BillingClient;
  const auth: AuthClient;
  function unlock(): void;
}
`;

const examples = pages.flatMap(examplesOf);

beforeAll(async () => {
  for (const { file, code } of examples) consumer.write({ [file]: `${code}\nexport {};\n` });
  consumer.write({ "docs/shared.d.ts": shared });
  server = await startRealServer();
  shop = await server.sell({ checkoutMode: "guest" });
}, 120_000);
afterAll(() => server?.[Symbol.asyncDispose]());

test("every TypeScript example of the documentation compiles against the packed packages", async () => {
  expect(examples.length).toBeGreaterThan(20);
  const complaints = await consumer.complaints(
    {
      target: "es2023",
      lib: ["es2023", "dom", "dom.iterable"],
      module: "esnext",
      moduleResolution: "bundler",
      jsx: "react-jsx",
      types: ["node"],
    },
    ["docs/shared.d.ts", ...examples.map(({ file }) => file)],
  );
  // The place in the page is more use than that in the copy.
  const placed = complaints.replaceAll(/^docs\/([\w-]+)\.m?tsx?\((\d+),\d+\)/gm, (text, name, line) => {
    const example = examples.find(({ file }) => file.includes(`/${name}.`));
    return example ? `${example.page}:${example.line + Number(line) - 1}` : text;
  });
  expect(placed).toBe("");
});

for (const { page, line, file, code } of examples.filter(({ runnable }) => runnable)) {
  test(`the example in ${page}, line ${line}, runs against a real server`, async () => {
    const here = code
      .replaceAll("https://pay.example.com", server.origin)
      .replaceAll('paywallId: "1"', `paywallId: "${shop.paywall}"`)
      .replaceAll('"101"', `"${shop.prices.monthly}"`);
    const run = file.replace(".mts", ".run.mts");
    // What an example prints is for readers; this one line is for the test.
    consumer.write({ [run]: `console.log = () => {};\n${here}\nprocess.stdout.write("true\\n");\n` });
    expect(await consumer.node(run, { TOLLGATE_SECRET_KEY: shop.secretKey })).toBe(true);
  });
}

test("no page of the documentation links to a file that is not there", () => {
  const lost = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
    return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
      .map(([, path]) => join(root, dirname(page), path!))
      .filter((path) => !existsSync(path))
      .map((path) => `${page} → ${relative(root, path)}`);
  });
  expect(lost).toEqual([]);
});
