import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Newsroom, openNewsroom } from "../clients/newsroom.ts";
import { useConsumer } from "./consumer.ts";

const consumer = useConsumer();
let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
}, 120_000);
afterAll(() => newsroom?.[Symbol.asyncDispose]());

const program = (imports: string) => `${imports}
const baseUrl = process.env.ORIGIN;
const api = management({ baseUrl, tokenProvider: async () => process.env.TOKEN });
const tollgate = new TollgateClient({ baseUrl, apiKey: process.env.TOKEN.replace("Bearer ", "") });
(async () => {
  const paywall = await tollgate.management.paywalls.get(process.env.PAYWALL);
  const [product] = await api.products.list({ search: "printed" });
  console.log(JSON.stringify([typeof client, paywall.headline, product.sku]));
})();`;

test("the publisher's client works in Node as it is packed, as ES module and as CommonJS", async () => {
  const names = "{ client, management, TollgateClient }";
  consumer.write({
    "client.mjs": program(`import ${names} from "@tollgate/client";`),
    "client.cjs": program(`const ${names} = require("@tollgate/client");`),
  });
  const env = { ORIGIN: newsroom.origin, TOKEN: newsroom.backEndToken, PAYWALL: newsroom.paywallId };
  for (const file of ["client.mjs", "client.cjs"])
    expect(await consumer.node(file, env)).toEqual(["function", "Read on", "sid:print"]);
});

test("the publisher's client brings nothing along and imports nothing", () => {
  const packed = join(consumer.modules, "@tollgate/client");
  const manifest = JSON.parse(readFileSync(join(packed, "package.json"), "utf8"));
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(manifest.peerDependencies ?? {}).toEqual({});
  expect(existsSync(join(packed, "src"))).toBe(false);
  for (const name of readdirSync(join(packed, "dist")).filter((it) => /\.c?js$/.test(it)))
    expect(readFileSync(join(packed, "dist", name), "utf8")).not.toMatch(/^import |require\(/m);
});

test("the publisher's client is typed under both module systems, without the browser's types", async () => {
  const code = `import { client, management, NotFoundError, type Paywall, TollgateClient } from "@tollgate/client";
const reader = client({ baseUrl: "https://pay.example.com", tokenProvider: async () => "Bearer x" });
const title: Promise<string | undefined> = reader.contracts.list().then(([it]) => it?.name);
const api = management({ baseUrl: "https://pay.example.com", tokenProvider: async () => "Bearer x" });
// @ts-expect-error: a list has no such status
api.accessLists.create({ name: "a", type: "MANUAL", status: "OPEN" });
const paywall: Promise<Paywall> = new TollgateClient({ apiKey: "sk" }).management.paywalls.get("pw_1");
paywall.catch((error: unknown) => error instanceof NotFoundError && error.code satisfies string);
void title;
`;
  consumer.write({ "typed.mts": code, "typed.cts": code });
  const options = {
    module: "node16",
    moduleResolution: "node16",
    target: "es2022",
    lib: ["es2022"],
    types: ["node"],
  };
  expect(await consumer.complaints(options, ["typed.mts", "typed.cts"])).toBe("");
});
