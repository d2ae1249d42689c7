/** The 3.x wire: what a paywall's client and a merchant's back end say to the server, and what it says back. */
export * from "./auth.ts";
export * from "./balances.ts";
export * from "./bootstrap.ts";
export * from "./checkout.ts";
export * from "./endpoints.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./headers.ts";
export * from "./parse.ts";
export * from "./scalars.ts";
export * from "./support.ts";
export * from "./trial-state.ts";
export * from "./user.ts";
export * from "./webhooks.ts";
