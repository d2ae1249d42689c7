import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { notFound } from "../../http/errors.ts";

/** Where the storefronts are, each in a folder of its own. */
export const FOLDER = fileURLToPath(new URL("../../../../storefronts/", import.meta.url));

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

/** Whether a storefront has been built and can be opened. */
export const isBuilt = (name: string, folder = FOLDER): boolean =>
  existsSync(resolve(folder, name, "dist/index.html"));

/**
 * The file behind a path inside a storefront's build, or null. Nothing outside the build can be named: the
 * path is resolved first and must then still lie inside.
 */
export function locate(folder: string, name: string, path: string): string | null {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return null;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (/[\0\\]/.test(decoded)) return null;
  const root = resolve(folder, name, "dist") + sep;
  const file = resolve(root, `./${decoded || "index.html"}`);
  return file.startsWith(root) && TYPES[extname(file)] ? file : null;
}

/** The built storefronts, each under its own path. A path without a file type is the page itself. */
export function storefrontRoutes(
  config: (c: Context<AppEnv>) => Promise<object>,
  folder = FOLDER,
): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/storefronts/:name{saas|headless|news|chat}/config.json", async (c) =>
      c.json(await config(c), 200, { "cache-control": "no-store" }),
    )
    .get("/storefronts/:name", (c) => {
      const { name } = c.req.param();
      return locate(folder, name, "index.html") && isBuilt(name, folder)
        ? c.redirect(`/storefronts/${name}/`, 302)
        : notFound(c);
    })
    .get("/storefronts/:name/*", async (c) => {
      const name = c.req.param("name");
      // Not `c.req.path`, which is decoded already: `%2e%2e` must not become `..` twice.
      const path = new URL(c.req.url).pathname.slice(`/storefronts/${name}/`.length);
      const file = locate(folder, name, extname(path) ? path : "index.html");
      const bytes = file && (await readFile(file).catch(() => null));
      if (!file || !bytes) return notFound(c);
      return c.body(new Uint8Array(bytes), 200, {
        "content-type": TYPES[extname(file)] as string,
        // Names under assets/ carry a hash of their content.
        "cache-control": path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
      });
    });
}
