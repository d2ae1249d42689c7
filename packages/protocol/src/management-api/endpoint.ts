import type * as z from "zod";

/** What a scope is about; a key or a token may hold `<resource>:read`, `<resource>:write` or both. */
export const MANAGEMENT_RESOURCES = [
  "user",
  "entitlement",
  "product",
  "fulfillment",
  "purchase-option",
  "paywall",
  "contract",
  "bill",
  "transaction",
  "checkout",
  "discount-code",
  "meter",
  "tag",
  "webhook",
  "access-list",
  "vendor",
  "customer",
  "event",
  "test",
] as const;
export type ManagementResource = (typeof MANAGEMENT_RESOURCES)[number];
export type ManagementScope = `${ManagementResource}:${"read" | "write"}`;

type Example = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
};

/**
 * One row of the Management API's table (publisher API §8): the server mounts it, checks requests against it and
 * publishes it. Every answer may also be refused with 401, 403, 429 and 500; those are not repeated here.
 */
export type ManagementEndpoint = {
  /** Stable camelCase name; the operationId and the anchor of the reference page. */
  id: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{param}` segments, as OpenAPI writes them. */
  path: `/management/${string}`;
  tag: string;
  /** What it does, as a heading. */
  summary: string;
  /** What the schema cannot say. Plain paragraphs. */
  description?: string;
  scope: ManagementScope;
  request: {
    params?: z.ZodObject;
    query?: z.ZodObject;
    headers?: z.ZodObject;
    body?: z.ZodType;
    /** The body is text instead of JSON. */
    media?: "text/plain" | "text/csv";
  };
  /** The answer is a list that takes `limit`, `offset` and `cursor`. */
  paged?: boolean;
  /** The successful answer's status and schema; null is an answer without a body. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** Refusals of its own, by status: 409 where a name may be taken, for example. */
  errors?: readonly (400 | 404 | 409 | 413)[];
  example: { request: Example; response?: unknown };
};

/** Keeps an endpoint's own types, so that its handler gets its parameters and its body with theirs. */
export const management = <const E extends ManagementEndpoint>(endpoint: E): E => endpoint;
