/** The API's description, for machines (`/openapi.json`) and for people (`/reference`), from one document. */
import { Hono } from "hono";
import type { AppEnv } from "../context.ts";
import { openApiDocument } from "./document.ts";
import { REFERENCE_CSP, referencePage } from "./reference.ts";

export { openApiDocument } from "./document.ts";

/** Both answers depend on nothing but the address of the server, so each is made once, when first asked for. */
export function openApiRoutes({
  baseUrl,
  testMode = false,
}: {
  baseUrl: string;
  /** What only a server in test mode has is described as well. */
  testMode?: boolean;
}): Hono<AppEnv> {
  let json: string | undefined;
  let page: string | undefined;
  const app = new Hono<AppEnv>();
  app.get("/openapi.json", (c) => {
    json ??= JSON.stringify(openApiDocument(baseUrl, { testMode }));
    return c.body(json, 200, {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "cache-control": "no-cache",
    });
  });
  app.get("/reference", (c) => {
    page ??= referencePage(openApiDocument(baseUrl, { testMode }));
    return c.body(page, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": REFERENCE_CSP,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
  });
  return app;
}
