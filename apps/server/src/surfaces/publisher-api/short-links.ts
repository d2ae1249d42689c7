import { Hono } from "hono";
import { z } from "zod";
import {
  createShortLink,
  DEFAULT_TTL_SECONDS,
  MAX_TTL_SECONDS,
  resolveShortLink,
} from "../../domains/links/index.ts";
import { ownerOfHost } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";

const body = z.object({
  url: z.string().min(1).max(8192),
  ttl: z.number().int().min(1).max(MAX_TTL_SECONDS).default(DEFAULT_TTL_SECONDS),
});

/** Publisher API §6.4: short links to vendors' and our own pages, never to anybody else's. */
export function shortLinkRoutes(deps: Deps): Hono<PublisherEnv> {
  const { baseUrl } = deps.config;
  const create = async (value: unknown): Promise<{ shortlink: string }> => {
    const { url, ttl } = check(body, value);
    const target = URL.canParse(url) ? new URL(url) : null;
    if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password) {
      throw invalid("url must be an absolute http(s) address.", "url");
    }
    const ours = target.origin === new URL(baseUrl).origin;
    const tenantId = ours ? null : await ownerOfHost(deps.db, target.host);
    if (!ours && !tenantId) throw invalid("url must lead to a registered vendor's site.", "url");
    const code = await deps.db.transaction((tx) =>
      createShortLink(tx, deps, { tenantId, target: target.href, ttlSeconds: ttl }),
    );
    return { shortlink: `${baseUrl}/l/${code}` };
  };
  return new Hono<PublisherEnv>()
    .post("/shorten", async (c) => c.json(await create(await readJson(c))))
    .post("/", async (c) => c.json(await create(await readJson(c))))
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
