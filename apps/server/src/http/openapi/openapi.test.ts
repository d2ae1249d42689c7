import { createHash } from "node:crypto";
import { PAYWALL_API_ENDPOINTS } from "@tollgate/protocol/paywall-api/endpoints";
import { ERRORS } from "@tollgate/protocol/paywall-api/errors";
import { describe, expect, it } from "vitest";
import { curlCommand } from "./curl.ts";
import { openApiDocument, openApiRoutes } from "./index.ts";

const app = openApiRoutes({ baseUrl: "https://pay.example.com" });
const answer = await app.request("/reference");
const page = await answer.text();
const matches = (pattern: RegExp) => [...page.matchAll(pattern)].map((match) => match[1]!);

describe("GET /openapi.json", () => {
  it("is JSON that any origin may read, for this server and with every endpoint", async () => {
    const response = await app.request("/openapi.json");
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const document = (await response.json()) as ReturnType<typeof openApiDocument>;
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument("https://pay.example.com"))));
    expect(document.openapi).toBe("3.1.0");
    expect(document.servers).toEqual([{ url: "https://pay.example.com" }]);
    for (const { path } of PAYWALL_API_ENDPOINTS) expect(document.paths).toHaveProperty([path]);
  });
});

describe("GET /reference", () => {
  it("has a place for every endpoint, webhook, schema and error code", () => {
    const ids = new Set(matches(/ id="([^"]+)"/g));
    for (const { id } of PAYWALL_API_ENDPOINTS) expect(ids, id).toContain(id);
    for (const code of Object.keys(ERRORS)) expect(ids, code).toContain(`error-${code}`);
    expect(ids).toContain("webhook-refund-created");
    expect(ids).toContain("schema-paywalluser");
  });

  it("links to nothing on the page that is not there, and names nothing twice", () => {
    const ids = matches(/ id="([^"]+)"/g);
    expect(ids.length).toBe(new Set(ids).size);
    const targets = new Set(matches(/href="#([^"]+)"/g));
    expect(targets.size).toBeGreaterThan(100);
    for (const target of targets) expect(ids, target).toContain(target);
  });

  it("loads nothing from anywhere, and its policy lets exactly its own style and script run", () => {
    expect(page).not.toMatch(/<(link|script|img|iframe)[^>]+(src|href)="(?!data:)/);
    const policy = answer.headers.get("content-security-policy")!;
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy).toContain(`style-src ${hash(matches(/<style>([\s\S]*?)<\/style>/g)[0]!)}`);
    expect(policy).toContain(`script-src ${hash(matches(/<script>([\s\S]*?)<\/script>/g)[0]!)}`);
    expect(page).not.toMatch(/ (style|on[a-z]+)="/);
  });

  it("shows commands for this server, escaped for the page", () => {
    expect(page).toContain("https://pay.example.com/api/v1/paywall/3/start-checkout");
    expect(page).toContain("Authorization: Bearer $ACCESS_TOKEN");
  });

  it("cannot be made to run what its address says", async () => {
    const hostile = openApiRoutes({ baseUrl: 'https://x"><script>alert(1)</script>' });
    const text = await (await hostile.request("/reference")).text();
    expect(text).not.toContain("<script>alert");
    expect(text.match(/<script/g)).toHaveLength(1);
  });
});

describe("curl commands", () => {
  const document = openApiDocument("http://localhost:4400");
  const of = (path: string, method: "get" | "post") =>
    curlCommand("http://localhost:4400", method, path, document.paths[path]![method]!);

  it("carry the path, the headers and the body of the example", () => {
    const command = of("/api/v1/paywall/{id}/start-checkout", "post");
    expect(command).toMatch(
      /^curl -X POST 'http:\/\/localhost:4400\/api\/v1\/paywall\/3\/start-checkout' \\\n/,
    );
    expect(command).toContain("-H 'Idempotency-Key: 9f1c2d3e-");
    const body = /-d '([\s\S]*)'$/.exec(command)![1]!;
    expect(JSON.parse(body)).toMatchObject({ priceId: 101, email: "ana@example.com" });
  });

  it("ask for a token only where one is needed", () => {
    expect(of("/api/v1/paywall/{id}/bootstrap", "get")).toBe(
      "curl 'http://localhost:4400/api/v1/paywall/3/bootstrap'",
    );
    expect(of("/api/v1/paywall/{id}/balances", "get")).toContain('-H "Authorization: Bearer $ACCESS_TOKEN"');
  });

  it("keep an apostrophe from ending the shell's quote", () => {
    const operation = document.paths["/api/v1/paywall/{id}/support/ticket"]!.post!;
    const quoted = structuredClone(operation);
    quoted.requestBody!.content["application/json"]!.example = { content: "It's here; rm -rf $HOME" };
    expect(curlCommand("http://x", "post", "/p", quoted)).toContain(String.raw`"It'\''s here; rm -rf $HOME"`);
  });
});
