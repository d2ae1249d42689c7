import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  createShortLink,
  DEFAULT_TTL_SECONDS,
  MAX_TTL_SECONDS,
  resolveShortLink,
} from "../../domains/links/index.ts";
import { ownerOfHost } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { takeLimit } from "../../platform/limits.ts";
import { check, param, readJson } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";

const body = z.object({
  url: z.string().min(1).max(8192),
  ttl: z.number().int().min(1).max(MAX_TTL_SECONDS).default(DEFAULT_TTL_SECONDS),
});

/** Links from one place in an hour. Anybody may make one, and each is kept for up to a month. */
const PLACE_MAX = 300;

/** Publisher API §6.4: short links to vendors' and our own pages, never to anybody else's. */
export function shortLinkRoutes(deps: Deps): Hono<PublisherEnv> {
  const { baseUrl } = deps.config;
  const create = async (c: Context<PublisherEnv>): Promise<{ shortlink: string }> => {
    const { url, ttl } = check(body, await readJson(c));
    const target = URL.canParse(url) ? new URL(url) : null;
    if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password) {
      throw invalid("url must be an absolute http(s) address.", "url");
    }
    const ours = target.origin === new URL(baseUrl).origin;
    const tenantId = ours ? null : await ownerOfHost(deps.db, target.host);
    if (!ours && !tenantId) throw invalid("url must lead to a registered vendor's site.", "url");
    const place = deps.keys.pseudonym(`limit:${networkOf(c.get("clientAddress"))}`).toString("base64url");
    const limit = { key: `short-links:${place}`, max: PLACE_MAX, windowSeconds: 3600 };
    const { allowed, retryAfterSeconds } = await takeLimit(deps.db, limit, deps.clock.now());
    if (!allowed)
      throw new AppError("rate_limit_exceeded", 429, "Too many short links from this address.", {
        retryAfterSeconds,
      });
    const code = await deps.db.transaction((tx) =>
      createShortLink(tx, deps, { tenantId, target: target.href, ttlSeconds: ttl }),
    );
    return { shortlink: `${baseUrl}/l/${code}` };
  };
  return new Hono<PublisherEnv>()
    .post("/shorten", async (c) => c.json(await create(c)))
    .post("/", async (c) => c.json(await create(c)))
    .get("/l/:code", async (c) => {
      const target = await resolveShortLink(deps.db, deps, param(c, "code"));
      if (!target) throw noSuchResource();
      // The page it leads to must not learn the code, and nobody may keep the answer past the link's life.
      return c.body(null, 302, {
        location: target,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      });
    });
}
