/** The Management API: what a vendor's back end says to the server, and what it says back. */
export * from "./endpoints.ts";
export * from "./errors.ts";
