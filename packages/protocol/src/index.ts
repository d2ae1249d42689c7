/** Every public contract of Tollgate as Zod schemas and types. Nothing here reads, writes or waits. */
export * from "./apply.ts";
export * from "./ids.ts";
export * from "./management-api/index.ts";
export * from "./openapi.ts";
export * from "./paywall-api/index.ts";
