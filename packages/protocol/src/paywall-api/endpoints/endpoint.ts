import type * as z from "zod";
import type { ErrorCode } from "../errors.ts";

/** How a caller may prove who it is. `none` in a list means that proof is optional. */
export type AuthKind = "none" | "bearer" | "key";

type Example = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
};

/** One row of the contract's endpoint table: enough to route it, document it and check its answers. */
export type Endpoint = {
  /** Stable camelCase name; the operationId and the anchor of the reference page. */
  id: string;
  method: "GET" | "POST";
  /** With `{param}` segments, as OpenAPI writes them. */
  path: string;
  tag: string;
  /** What it does, as a heading. */
  summary: string;
  /** What the schema cannot say. Plain paragraphs. */
  description?: string;
  auth: readonly AuthKind[];
  request: {
    params?: z.ZodObject;
    query?: z.ZodObject;
    headers?: z.ZodObject;
    body?: z.ZodType;
    /** The same fields are also taken as multipart/form-data, with repeated `files`. */
    multipart?: boolean;
  };
  /** Successful answers, and refusals with a shape of their own; null is an answer without a body. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** The successful answer is a stream of server-sent events instead; this is a sample of it. */
  eventStream?: string;
  errors: readonly ErrorCode[];
  example: { request: Example; responses: Readonly<Record<number, unknown>> };
};

/** Refusals that any endpoint can answer; kept out of the rows so that the rows say what is special. */
export const commonErrors = (endpoint: Pick<Endpoint, "request">): ErrorCode[] => [
  ...(endpoint.request.body ? (["invalid_json", "invalid_payload", "payload_too_large"] as const) : []),
  ...(endpoint.request.params ? (["not_found"] as const) : []),
  "rate_limited",
  "internal_error",
];

/** Everything the endpoint may be refused with, its own codes first. */
export const errorsOf = (endpoint: Endpoint): ErrorCode[] => [
  ...new Set<ErrorCode>([...endpoint.errors, ...commonErrors(endpoint)]),
];
