import { beforeAll, expect, test } from "vitest";
import { useConsumer } from "./consumer.ts";

const consumer = useConsumer();

/** Uses every entry, and would not compile if a name came out as `any`. */
const browserCode = `
import { PaywallUI, PaywallError, type PaywallAccessResult, type PaywallPrice } from "@tollgate/sdk";
import {
  ApiClient, ApiGatewayClient, AuthClient, BillingClient, EventTracker, OriginResolver, QuotaExceededError,
  type AuthChangeEvent,
} from "@tollgate/sdk/core";
import { PaywallUI as FromUi, blockRegistry, type PaywallEventPayloads } from "@tollgate/sdk/ui";
import { createFakePaywall, type FakePaywall } from "@tollgate/sdk/testing";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same: Same<typeof PaywallUI, typeof FromUi> = true;
const paywall = new PaywallUI({ paywallId: "1", apiOrigin: "https://pay.example.com", auth: true });
const access: Promise<PaywallAccessResult> = paywall.getAccess();
const off: () => void = paywall.on("purchase_completed", ({ priceId, restored }) => {
  const id: string | null = priceId;
  const again: boolean | undefined = restored;
  void [id, again];
});
// @ts-expect-error: events have their own payloads
paywall.on("purchase_completed", ({ nothing }) => nothing);
// @ts-expect-error: an origin is needed
new BillingClient({ paywallId: "1" });
const prices: Promise<PaywallPrice[]> = paywall.getPrices();
const fake: FakePaywall = createFakePaywall({ access: "blocked" });
const takenForReal: PaywallUI = fake;
/** What another copy of this package, an extension or a fake has: the members without the classes. */
type Members<T> = { [Name in keyof T]: T[Name] };
type Everything = {
  paywall: PaywallUI; billing: BillingClient; auth: AuthClient; gateway: ApiGatewayClient;
  api: ApiClient; tracker: EventTracker; resolver: OriginResolver;
};
export const taken = (copies: { [At in keyof Everything]: Members<Everything[At]> }): Everything => copies;
const event: AuthChangeEvent = "SIGNED_IN";
const auth: AuthClient | undefined = paywall.auth;
const quota = new QuotaExceededError({ balances: [], queryType: "image", currentBalance: null });
const error: PaywallError = quota;
export type Failure = PaywallEventPayloads["error"];
void [same, access, off, prices, takenForReal, event, auth, error, blockRegistry];
`;

const reactCode = `
import { PaywallButton, PaywallGate, PaywallProvider, usePaywallAccess, usePaywallEvent } from "@tollgate/sdk-react";
import { createFakePaywall } from "@tollgate/sdk/testing";
function Inside() {
  const { status, result } = usePaywallAccess();
  usePaywallEvent("purchase_completed", ({ priceId }) => void (priceId satisfies string | null));
  // @ts-expect-error: there is no such event
  usePaywallEvent("purchase", () => {});
  return <p>{status === "ready" ? result.access : "…"}</p>;
}
export const App = () => (
  <PaywallProvider instance={createFakePaywall()}>
    <PaywallGate fallback={({ open }) => <button onClick={() => open()}>Open</button>}><Inside /></PaywallGate>
    <PaywallButton priceId="101" className="buy">Buy</PaywallButton>
  </PaywallProvider>
);
`;

const serverCode = `
import { BillingClient, SDK_VERSION, type CheckoutResult } from "@tollgate/sdk/core";
const billing = new BillingClient({
  paywallId: "1",
  apiOrigin: "https://pay.example.com",
  apiKey: "secret",
  identity: { email: "ada@example.com" },
});
const result: Promise<CheckoutResult> = billing.createCheckout({ priceId: "101" });
void [result, SDK_VERSION];
`;

const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: "es2022" };
const dom = { lib: ["es2022", "dom", "dom.iterable"], types: [] };

beforeAll(() => {
  consumer.write({ "browser.ts": browserCode, "module.mts": browserCode, "common.cts": browserCode });
  consumer.write({
    "react.tsx": reactCode,
    "react.cts": `import { PaywallGate } from "@tollgate/sdk-react"; void PaywallGate;`,
  });
  consumer.write({ "server.mts": serverCode, "server.cts": serverCode });
});

test("a TypeScript application with a bundler compiles against the package, declarations included", async () => {
  const options = { ...strictest, ...dom, module: "esnext", moduleResolution: "bundler" };
  expect(await consumer.complaints(options, ["browser.ts"])).toBe("");
});

test("an ES module under node16 resolution compiles against the package", async () => {
  const options = { ...strictest, ...dom, module: "node16", moduleResolution: "node16" };
  expect(await consumer.complaints(options, ["module.mts"])).toBe("");
});

test("a CommonJS file under node16 resolution gets CommonJS declarations and compiles", async () => {
  const options = { ...strictest, ...dom, module: "node16", moduleResolution: "node16" };
  expect(await consumer.complaints(options, ["common.cts"])).toBe("");
});

test("a back end without the browser's types compiles against core, under both module systems", async () => {
  const options = {
    ...strictest,
    lib: ["es2022"],
    types: ["node"],
    module: "node16",
    moduleResolution: "node16",
  };
  expect(await consumer.complaints(options, ["server.mts", "server.cts"])).toBe("");
});

test("React components are typed under a bundler and, for CommonJS, under node16 resolution", async () => {
  const react = { ...dom, types: ["react"], target: "es2022", jsx: "react-jsx" };
  const bundled = { ...react, module: "esnext", moduleResolution: "bundler" };
  expect(await consumer.complaints(bundled, ["react.tsx"])).toBe("");
  const common = { ...react, module: "node16", moduleResolution: "node16" };
  expect(await consumer.complaints(common, ["react.cts"])).toBe("");
});

test("a project with a condition called source still gets declarations, never our sources", async () => {
  const options = {
    ...strictest,
    ...dom,
    module: "esnext",
    moduleResolution: "bundler",
    customConditions: ["source"],
  };
  expect(await consumer.complaints(options, ["browser.ts"])).toBe("");
});
