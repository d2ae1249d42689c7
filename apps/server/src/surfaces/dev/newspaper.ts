import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { type Context, Hono } from "hono";
import { linkCovers, verifyLinkToken } from "../../domains/signed-links/index.ts";
import type { AppEnv } from "../../http/context.ts";
import { notFound } from "../../http/errors.ts";
import type { Deps } from "../../platform/deps.ts";
import { locate } from "./storefronts.ts";

const NAME = "news";
const MARKER = "<!-- subscribers -->";
/** Where a printed page leaves room for the rest of its article; and what it says where that was opened, or refused. */
const ROOM = '<div id="rest"></div>';
const opened = (text: string) => `<div id="rest" data-opened>${text}</div>`;
const REFUSED = '<div id="rest" data-refused></div>';

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // The address may hold a signed link, which is nobody else's business.
  "referrer-policy": "same-origin",
};
const PAGE_HEADERS = {
  ...HEADERS,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

export type NewspaperFacts = { tenantId: string; baseUrl: string; passSku: string };

/**
 * The newspaper of the demonstration, as its publisher would run it: pages are public down to their marker, and what
 * comes after it leaves this server only with a signed link to that article, or to the pass, that holds.
 *
 * `GET /storefronts/news/content/{slug}` answers that text to a page that sends `x-sesamy-signed-url` (publisher API
 * §5.2); the article's own address answers it within the page, for links that people pass on.
 */
export function newspaperRoutes(
  deps: Deps,
  facts: () => Promise<NewspaperFacts>,
  folder: string,
): Hono<AppEnv> {
  /** The rest of an article; null where there is no such article, or nothing is kept back. */
  const rest = async (slug: string): Promise<string | null> => {
    const file = join(folder, NAME, "articles", `${slug}.html`);
    return (await readFile(file, "utf8").catch(() => "")).split(MARKER)[1]?.trim() ?? null;
  };
  const mayRead = async (slug: string, token: string): Promise<boolean> => {
    const { tenantId, baseUrl, passSku } = await facts();
    const link = await verifyLinkToken(deps, tenantId, token);
    if (!link) return false;
    const site = `${baseUrl}/storefronts/${NAME}`;
    // Of links to the front page only those of the pass are links to everything.
    return linkCovers(link, `${site}/${slug}`) || (link.sku === passSku && linkCovers(link, site));
  };

  return (
    new Hono<AppEnv>()
      .get("/storefronts/news/content/:slug{[a-z][a-z-]*}", async (c) => {
        const { slug } = c.req.param();
        const text = await rest(slug);
        if (text === null) return notFound(c);
        const token = tokenIn(c.req.header("x-sesamy-signed-url") ?? "");
        if (!token || !(await mayRead(slug, token))) {
          return c.json(
            { code: "forbidden", message: "A valid signed link to this article is needed." },
            403,
            HEADERS,
          );
        }
        return c.body(text, 200, { ...HEADERS, "content-type": "text/html; charset=utf-8" });
      })
      .get("/storefronts/news/:page{[a-z0-9-]*}", async (c) => {
        const page = c.req.param("page") || "index";
        const html = await printed(folder, page);
        if (html === null) return missing(c, folder);
        const token = tokenIn(c.req.url);
        if (!token || !html.includes(ROOM)) return c.body(html, 200, PAGE_HEADERS);
        const text = (await mayRead(page, token)) ? await rest(page) : null;
        return c.body(
          html.replace(ROOM, () => (text === null ? REFUSED : opened(text))),
          200,
          PAGE_HEADERS,
        );
      })
      // Pages have addresses without a file type; what has one is a file of theirs, and none of our business.
      .get("/storefronts/news/*", async (c, next) =>
        extname(new URL(c.req.url).pathname) ? next() : missing(c, folder),
      )
  );
}

/** Readers' clients know the token by two names (publisher API §5.2). */
function tokenIn(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { searchParams } = new URL(address);
  return searchParams.get("token") ?? searchParams.get("sesamy-token");
}

async function printed(folder: string, page: string): Promise<string | null> {
  const file = locate(folder, NAME, `${page}.html`);
  return file && readFile(file, "utf8").catch(() => null);
}

async function missing(c: Context<AppEnv>, folder: string): Promise<Response> {
  const html = await printed(folder, "404");
  return html === null ? notFound(c) : c.body(html, 404, PAGE_HEADERS);
}
