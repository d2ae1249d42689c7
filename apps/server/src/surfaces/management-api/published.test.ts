import { MANAGEMENT_ENDPOINTS, MANAGEMENT_TAGS } from "@tollgate/protocol/management-api/endpoints";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { openApiDocument } from "../../http/openapi/index.ts";
import { managementOperations } from "./index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const document = openApiDocument("https://pay.example.com");
const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

describe("the Management API as it is published", () => {
  test("every mounted route is in the OpenAPI document, and nothing is there that is not mounted", () => {
    const routes = managementOperations(server.deps).routes.routes.filter(({ method }) => method !== "ALL");
    const mounted = new Set(
      routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
    );
    const published = Object.entries(document.paths)
      .filter(([path]) => path.startsWith("/management/"))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect([...mounted].sort()).toEqual(published.sort());
    expect(MANAGEMENT_ENDPOINTS.map(name).sort()).toEqual(published.sort());
  });

  test.each(MANAGEMENT_ENDPOINTS)("$id: every example is what its schema says", (endpoint) => {
    const { request, responses, example, tag } = endpoint;
    expect(MANAGEMENT_TAGS.map((it) => it.name)).toContain(tag);
    for (const part of ["params", "query", "body"] as const) {
      const sample = example.request[part];
      if (sample !== undefined)
        expect(request[part]?.safeParse(sample), part).toMatchObject({ success: true });
    }
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(Object.keys(request.params?.shape ?? {})).toEqual(inPath);
    expect(Object.keys(example.request.params ?? {})).toEqual(inPath);
    if (request.body) expect(example.request.body, "an example body").toBeDefined();
    for (const schema of Object.values(responses)) {
      if (!schema) continue;
      expect(example.response, "an example answer").toBeDefined();
      // What is sent survives parsing unchanged: nothing undocumented in it, and nothing left out.
      expect(schema.parse(example.response)).toEqual(example.response);
    }
  });

  test.each(MANAGEMENT_ENDPOINTS)("$id: a body's unknown member is ignored", ({ request, example }) => {
    if (!request.body || request.media) return;
    const body = example.request.body as object;
    expect(request.body.parse({ ...body, some_future_key: 1 })).toEqual(request.body.parse(body));
  });
});
