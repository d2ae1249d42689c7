import * as z from "zod";
import type { ManagementErrorStatus } from "./errors.ts";

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
    body?: z.ZodType;
    headers?: z.ZodObject;
    /** The body is text instead of JSON. */
    media?: "text/plain" | "text/csv";
  };
  /** The answer is a list that takes `limit`, `offset` and `cursor`; `from` is another name for these two on one. */
  paged?: true | "from";
  /** The successful answer's status and schema; null is an answer without a body. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** Refusals of its own, by status: 409 where a name may be taken, for example. */
  errors?: readonly (400 | 404 | 409 | 413)[];
  example: { request: Example; response?: unknown };
};

const READ_PAGE = z.object({
  limit: z.int().min(1).max(500).optional().meta({ description: "How many at most; 100 without it." }),
  offset: z.int().min(0).optional().meta({ description: "How many of the newest to leave out." }),
  cursor: z.string().optional().meta({
    description: "The last answer's `X-Next-Cursor`, which goes on after it; instead of `offset`.",
  }),
});

const CHANGE_ONCE = z.object({
  "Idempotency-Key": z.string().max(255).optional().meta({
    description:
      "A UUID that you keep for retries: the change happens once, and a repeat gets the first answer.",
  }),
});

/** Everything that a request may carry, with what all lists and all changes take. */
export function requestOf({ method, paged, request }: ManagementEndpoint): ManagementEndpoint["request"] {
  return {
    ...request,
    ...(paged && { query: z.object({ ...request.query?.shape, ...READ_PAGE.shape }) }),
    ...(method !== "GET" && { headers: CHANGE_ONCE }),
  };
}

/** Every status that it may be refused with. */
export const refusalsOf = (endpoint: ManagementEndpoint): ManagementErrorStatus[] => {
  const { request, method, paged, errors = [] } = endpoint;
  const checked = request.body || request.query || paged || method !== "GET";
  return [
    ...new Set<ManagementErrorStatus>([
      ...(checked ? ([400] as const) : []),
      401,
      403,
      ...errors,
      ...(method === "GET" ? [] : ([422] as const)),
      429,
      500,
    ]),
  ];
};

/** Keeps an endpoint's own types, so that its handler gets its parameters and its body with theirs. */
export const management = <const E extends ManagementEndpoint>(endpoint: E): E => endpoint;
