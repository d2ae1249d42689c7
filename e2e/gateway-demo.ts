import { creditCredits } from "../apps/server/src/domains/credits/index.ts";
import { systemClock } from "../apps/server/src/platform/clock.ts";
import { type Db, openDatabase, sql } from "../apps/server/src/platform/database/index.ts";
import { findRunningDatabase } from "../apps/server/src/platform/embedded-postgres/attach.ts";
import { createIds } from "../apps/server/src/platform/ids.ts";
import type { ServerProcess } from "./server-process.ts";

export type GatewayDemo = {
  /** Where a call goes; `path` is the upstream's. */
  url(provider: string, path: string): string;
  /** Headers by which the merchant's own server calls for one of its users. */
  headersFor(userId: string): Record<string, string>;
  /** Makes a customer with so many credits of each type; gives its id. */
  customer(userId: string, credits: number): Promise<string>;
};

/** What a server's database holds, read past the server. It may be opened anew after the server was killed. */
export const openBooks = (server: ServerProcess): Db =>
  openDatabase({
    connectionString: findRunningDatabase(server.dataDir) ?? "",
    poolSize: 2,
    // The database may end with its server.
    onError: () => {},
  });

/**
 * Turns the demo's two providers to an upstream of the test's own, without limits: `lumen-chat` costs 3 credits a call,
 * `lumen-deep` a credit for each token written. The server has to be started with `TOLLGATE_GATEWAY_ALLOW`.
 */
export async function gatewayDemo(server: ServerProcess, db: Db, upstream: string): Promise<GatewayDemo> {
  const { secretKey, tenant, paywalls } = await server.json<{
    secretKey: string;
    tenant: { id: string };
    paywalls: { credits: { id: string } };
  }>("/dev/demo.json");
  const prices = {
    "lumen-chat": { kind: "per_call", tokens: 3 },
    "lumen-deep": { kind: "per_unit", rates: { output: 1000 }, hold: 50 },
  };
  for (const [key, price] of Object.entries(prices)) {
    await db.execute(sql`
      update api_providers set base_url = ${upstream}, path_rules = '{}', price_rule = ${JSON.stringify(price)}::jsonb,
        concurrent = 100000, per_minute = null, per_day = null where tenant_id = ${tenant.id} and key = ${key}`);
  }
  const { id: paywallId } = await db.one<{ id: string }>(
    sql`select id from paywalls where num = ${Number(paywalls.credits.id)}`,
  );
  const headersFor = (userId: string) => ({
    "x-api-key": secretKey,
    "x-user-id": userId,
    "content-type": "application/json",
  });
  const url = (provider: string, path: string) =>
    `${server.baseUrl}/api/v1/api-gateway/${provider}/${path}?paywall_id=${paywalls.credits.id}`;
  return {
    url,
    headersFor,
    async customer(userId, credits) {
      // A merchant's user becomes a customer with their first call.
      const first = { method: "POST", headers: headersFor(userId), body: "{}" };
      await (await fetch(url("lumen-chat", "plain"), first)).text();
      const { id } = await db.one<{ id: string }>(sql`
        select customer_id id from external_references where tenant_id = ${tenant.id} and external_id = ${userId}`);
      const deps = {
        clock: systemClock,
        ids: createIds(systemClock),
        jobs: { start() {}, wake() {}, async runAllDue() {}, async stop() {} },
      };
      for (const type of ["standard", "advanced"]) {
        const account = { tenantId: tenant.id, customerId: id, paywallId, mode: "test" as const, type };
        const lot = { kind: "purchased" as const };
        await creditCredits(db, deps, account, {
          amount: credits,
          actor: "test",
          now: systemClock.now(),
          lot,
        });
      }
      return id;
    },
  };
}
