import * as z from "zod";
import { type ManagementEndpoint, refusalsOf, requestOf } from "./management-api/endpoint.ts";
import { MANAGEMENT_ERRORS, managementError, managementErrorBody } from "./management-api/errors.ts";
import { type AuthKind, type Endpoint, errorsOf } from "./paywall-api/endpoints.ts";
import { ERRORS, errorBody, errorResponse } from "./paywall-api/errors.ts";
import { WEBHOOK_HEADERS } from "./paywall-api/headers.ts";

/** A JSON Schema (draft 2020-12), which is what OpenAPI 3.1 is made of. */
export type JsonSchema = { [keyword: string]: unknown };

export type OpenApiExample = { summary?: string; value: unknown };
export type OpenApiMedia = {
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, OpenApiExample>;
};
export type OpenApiParameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
};
export type OpenApiResponse = { description: string; content?: Record<string, OpenApiMedia> };
export type OpenApiOperation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters?: OpenApiParameter[];
  requestBody?: { required: boolean; content: Record<string, OpenApiMedia> };
  responses: Record<string, OpenApiResponse>;
};
export type OpenApiDocument = {
  openapi: "3.1.0";
  info: {
    title: string;
    version: string;
    description: string;
    license?: { name: string; identifier: string };
  };
  servers: { url: string; description?: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Partial<Record<"get" | "post" | "put" | "patch" | "delete", OpenApiOperation>>>;
  webhooks: Record<string, { post: OpenApiOperation }>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> };
};

export type OpenApiInfo = Pick<OpenApiDocument, "info" | "servers" | "tags"> & {
  webhooks?: { schema: z.ZodType; examples: Readonly<Record<string, unknown>> };
};

const SECURITY: Record<Exclude<AuthKind, "none"> | "backEnd", JsonSchema> = {
  backEnd: {
    type: "http",
    scheme: "bearer",
    description:
      "A secret key (`sk_…`), or the token that a machine client gets at `/oauth/token`, with the scope named here.",
  },
  bearer: { type: "http", scheme: "bearer", description: "The access token of one signed-in person." },
  key: {
    type: "apiKey",
    in: "header",
    name: "X-Api-Key",
    description: "A secret key (`sk_…`) of the merchant. Never put it into a browser.",
  },
};

/**
 * Collects named schemas (those with an `id` in their metadata) once and refers to them everywhere else.
 * All are described from the caller's side: what may be sent, and answers that may grow new fields.
 */
function createSchemas() {
  const named: Record<string, JsonSchema> = {};
  const relink = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(relink);
    if (typeof node !== "object" || node === null) return node;
    const entries = Object.entries(node).flatMap(([key, value]) => {
      if (key === "$defs" || key === "$schema" || key === "id")
        return typeof value === "string" || key === "$defs" ? [] : [[key, relink(value)]];
      if (key === "$ref" && typeof value === "string")
        return [[key, value.replace("#/$defs/", "#/components/schemas/")]];
      return [[key, relink(value)]];
    });
    return Object.fromEntries(entries);
  };
  const convert = (schema: z.ZodType): JsonSchema => {
    const json = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input", unrepresentable: "any" });
    for (const [name, definition] of Object.entries(json.$defs ?? {}))
      named[name] ??= relink(definition) as JsonSchema;
    return relink(json) as JsonSchema;
  };
  return { named, convert };
}

type Schemas = ReturnType<typeof createSchemas>;

/** What the document says of an endpoint, whichever contract it belongs to. */
type Described = Omit<Endpoint, "method" | "auth" | "errors"> & {
  method: string;
  /** What it takes and answers with, where that is not JSON. */
  media: string;
  security: Record<string, string[]>[];
  refusals: { status: string; name: string; body: unknown; schema: z.ZodType }[];
};

const JSON_MEDIA = "application/json";

function describeManagement(endpoint: ManagementEndpoint): Described {
  const request = requestOf(endpoint);
  const [status] = Object.keys(endpoint.responses);
  return {
    ...endpoint,
    request,
    media: request.media ?? JSON_MEDIA,
    security: [{ backEnd: [endpoint.scope] }],
    refusals: refusalsOf(endpoint).map((it) => ({
      status: String(it),
      name: MANAGEMENT_ERRORS[it].code,
      body: managementErrorBody(it),
      schema: managementError,
    })),
    example: {
      request: endpoint.example.request,
      responses: { [Number(status)]: endpoint.example.response },
    },
  };
}

const describePaywall = (endpoint: Endpoint): Described => ({
  ...endpoint,
  media: JSON_MEDIA,
  security: securityOf(endpoint.auth),
  refusals: errorsOf(endpoint).map((code) => ({
    status: String(ERRORS[code].status),
    name: code,
    body: errorBody(code),
    schema: errorResponse,
  })),
});

function parametersOf({ request, example }: Described, { convert }: Schemas): OpenApiParameter[] {
  const places = [
    ["path", request.params, example.request.params],
    ["query", request.query, example.request.query],
    ["header", request.headers, example.request.headers],
  ] as const;
  return places.flatMap(([place, object, samples]) =>
    Object.entries(object?.shape ?? {}).map(([name, field]): OpenApiParameter => {
      const { description, ...schema } = convert(field as z.ZodType);
      return {
        name,
        in: place,
        required: place === "path",
        ...(typeof description === "string" && { description }),
        schema,
        ...(samples?.[name] !== undefined && { example: samples[name] }),
      };
    }),
  );
}

const FILES = {
  type: "array",
  maxItems: 5,
  items: { type: "string", contentMediaType: "application/octet-stream" },
};

function requestBodyOf(
  { request, example, media }: Described,
  { convert, named }: Schemas,
): OpenApiOperation["requestBody"] {
  if (!request.body) return undefined;
  const schema = convert(request.body);
  const content: Record<string, OpenApiMedia> = {
    [media]: { schema, example: example.request.body },
  };
  if (request.multipart) {
    const name = String(schema.$ref ?? "")
      .split("/")
      .at(-1)!;
    const { properties } = (named[name] ?? schema) as { properties?: JsonSchema };
    content["multipart/form-data"] = {
      schema: { type: "object", properties: { ...properties, files: FILES } },
    };
  }
  return { required: true, content };
}

function responsesOf(endpoint: Described, { convert }: Schemas): Record<string, OpenApiResponse> {
  const responses: Record<string, OpenApiResponse> = {};
  for (const [status, schema] of Object.entries(endpoint.responses)) {
    const sample = endpoint.example.responses[Number(status)];
    responses[status] = {
      description: Number(status) < 400 ? (schema ? "Success" : "Accepted; there is no body") : "Refused",
      ...(schema && { content: { [JSON_MEDIA]: { schema: convert(schema), example: sample } } }),
    };
  }
  if (endpoint.eventStream) {
    const media: OpenApiMedia = { schema: { type: "string" }, example: endpoint.eventStream };
    responses["200"] = { description: "Server-sent events", content: { "text/event-stream": media } };
  }
  for (const [status, refusals] of Map.groupBy(endpoint.refusals, (it) => it.status)) {
    const own = responses[status]?.content?.[JSON_MEDIA];
    const [first] = refusals;
    const examples = Object.fromEntries(
      refusals.map(({ name, body }) => [
        name,
        { value: name === "active_purchase" && own ? own.example : body },
      ]),
    );
    responses[status] = {
      description: refusals.map(({ name }) => `\`${name}\``).join(", "),
      content: { [JSON_MEDIA]: { schema: own?.schema ?? convert(first!.schema), examples } },
    };
  }
  return responses;
}

/** Any one of the kinds will do; `{}` is OpenAPI's way of saying that none is needed. */
const securityOf = (auth: readonly AuthKind[]): Record<string, string[]>[] =>
  auth.map((kind) => (kind === "none" ? {} : { [kind]: [] }));

function webhooksOf(webhooks: OpenApiInfo["webhooks"], { convert }: Schemas): OpenApiDocument["webhooks"] {
  if (!webhooks) return {};
  const headers: OpenApiParameter[] = [
    {
      name: WEBHOOK_HEADERS.signature,
      in: "header",
      required: false,
      schema: { type: "string" },
      description: "`sha256=` and the hex HMAC-SHA256 of the raw body under your secret.",
    },
    {
      name: WEBHOOK_HEADERS.standardSignature,
      in: "header",
      required: false,
      schema: { type: "string" },
      description: "The same by the Standard Webhooks scheme, with `webhook-id` and `webhook-timestamp`.",
    },
  ];
  return Object.fromEntries(
    Object.entries(webhooks.examples).map(([type, example]) => [
      type,
      {
        post: {
          operationId: `webhook.${type}`,
          summary: type,
          tags: ["Webhooks"],
          parameters: headers,
          requestBody: {
            required: true,
            content: { "application/json": { schema: convert(webhooks.schema), example } },
          },
          responses: { "2XX": { description: "Received. Anything else in the 5xx range is tried again." } },
        },
      },
    ]),
  );
}

/** Writes tables of endpoints as one OpenAPI 3.1 document. The same input gives the same bytes. */
export function toOpenApi(
  endpoints: readonly (Endpoint | ManagementEndpoint)[],
  about: OpenApiInfo,
): OpenApiDocument {
  const schemas = createSchemas();
  const paths: OpenApiDocument["paths"] = {};
  for (const row of endpoints) {
    const endpoint = "scope" in row ? describeManagement(row) : describePaywall(row);
    const parameters = parametersOf(endpoint, schemas);
    const requestBody = requestBodyOf(endpoint, schemas);
    const operation: OpenApiOperation = {
      operationId: endpoint.id,
      summary: endpoint.summary,
      ...(endpoint.description && { description: endpoint.description }),
      tags: [endpoint.tag],
      security: endpoint.security,
      ...(parameters.length > 0 && { parameters }),
      ...(requestBody && { requestBody }),
      responses: responsesOf(endpoint, schemas),
    };
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation };
  }
  const webhooks = webhooksOf(about.webhooks, schemas);
  return {
    openapi: "3.1.0",
    info: about.info,
    servers: about.servers,
    tags: about.tags,
    paths,
    webhooks,
    components: { schemas: schemas.named, securitySchemes: SECURITY },
  };
}
