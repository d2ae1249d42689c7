export { createFakePaywall } from "./fake-paywall.ts";
export type { FakeCall, FakePaywall, FakePaywallControls, FakePaywallOptions } from "./types.ts";
