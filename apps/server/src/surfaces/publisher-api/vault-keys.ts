import { type Context, Hono } from "hono";
import { listVaultKeys, vaultKey } from "../../domains/signed-links/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { PublisherEnv } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { vendorOf } from "./vendor-of.ts";

/**
 * Publisher API §5.2: the public keys of signed links, as one object that is a key and a set of keys. The first key is
 * the one that signs; others are those that it replaced, as long as their links are about.
 */
export function vaultKeyRoutes(deps: Deps): Hono<PublisherEnv> {
  const keys = async (c: Context<PublisherEnv>) => {
    const tenant = await vendorOf(deps, c);
    if (!tenant) throw noSuchResource();
    await vaultKey(deps, tenant.id);
    const all = await listVaultKeys(deps.db, deps, tenant.id);
    return c.json({ ...all[0], keys: all }, 200, {
      "cache-control": "public, max-age=300, stale-while-revalidate=600",
      vary: "Authorization, Host",
    });
  };
  return new Hono<PublisherEnv>().get("/vault-jwks.json", keys).get("/.well-known/vault-jwks.json", keys);
}
