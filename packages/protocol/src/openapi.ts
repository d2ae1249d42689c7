import * as z from "zod";
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
  paths: Record<string, Partial<Record<"get" | "post", OpenApiOperation>>>;
  webhooks: Record<string, { post: OpenApiOperation }>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> };
};

export type OpenApiInfo = Pick<OpenApiDocument, "info" | "servers" | "tags"> & {
  webhooks?: { schema: z.ZodType; examples: Readonly<Record<string, unknown>> };
};

const SECURITY: Record<Exclude<AuthKind, "none">, JsonSchema> = {
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

function parametersOf({ request, example }: Endpoint, { convert }: Schemas): OpenApiParameter[] {
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
  { request, example }: Endpoint,
  { convert, named }: Schemas,
): OpenApiOperation["requestBody"] {
  if (!request.body) return undefined;
  const schema = convert(request.body);
  const content: Record<string, OpenApiMedia> = {
    "application/json": { schema, example: example.request.body },
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

function responsesOf(endpoint: Endpoint, { convert }: Schemas): Record<string, OpenApiResponse> {
  const responses: Record<string, OpenApiResponse> = {};
  for (const [status, schema] of Object.entries(endpoint.responses)) {
    const sample = endpoint.example.responses[Number(status)];
    responses[status] = {
      description: Number(status) < 400 ? (schema ? "Success" : "Accepted; there is no body") : "Refused",
      ...(schema && { content: { "application/json": { schema: convert(schema), example: sample } } }),
    };
  }
  if (endpoint.eventStream) {
    const media: OpenApiMedia = { schema: { type: "string" }, example: endpoint.eventStream };
    responses["200"] = { description: "Server-sent events", content: { "text/event-stream": media } };
  }
  const byStatus = Map.groupBy(errorsOf(endpoint), (code) => String(ERRORS[code].status));
  for (const [status, codes] of byStatus) {
    const own = responses[status]?.content?.["application/json"];
    const examples = Object.fromEntries(
      codes.map((code) => [
        code,
        { value: code === "active_purchase" && own ? own.example : errorBody(code) },
      ]),
    );
    responses[status] = {
      description: codes.map((code) => `\`${code}\``).join(", "),
      content: { "application/json": { schema: own?.schema ?? convert(errorResponse), examples } },
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

/** Writes the table as an OpenAPI 3.1 document. The same input gives the same bytes. */
export function toOpenApi(endpoints: readonly Endpoint[], about: OpenApiInfo): OpenApiDocument {
  const schemas = createSchemas();
  const paths: OpenApiDocument["paths"] = {};
  for (const endpoint of endpoints) {
    const parameters = parametersOf(endpoint, schemas);
    const requestBody = requestBodyOf(endpoint, schemas);
    const operation: OpenApiOperation = {
      operationId: endpoint.id,
      summary: endpoint.summary,
      ...(endpoint.description && { description: endpoint.description }),
      tags: [endpoint.tag],
      security: securityOf(endpoint.auth),
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
