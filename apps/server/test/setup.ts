import { applySetup, type Change, parseSetup, type Setup } from "../src/domains/setup/index.ts";
import { sql } from "../src/platform/database/index.ts";
import type { TestServer } from "./kit.ts";

/** Reads a set-up that has to be right. */
export function setupOf(yaml: string): Setup {
  const parsed = parseSetup(yaml);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.setup;
}

/** Applies a set-up file's text as `tollgate apply` does, and waits until this process has heard of it. */
export async function applyYaml(server: TestServer, yaml: string): Promise<Change[]> {
  const setup = setupOf(yaml);
  const changes = await server.deps.db.transaction((tx) => applySetup(tx, server.deps, setup));
  await newsHeard(server);
  return changes;
}

/** Runs what is due, then waits until everything that it announced has arrived here. */
export async function newsHeard(server: TestServer): Promise<void> {
  await server.settle();
  // Announcements of one database arrive in the order of their commits, so ours arrives last.
  const topic = `test-${server.deps.ids.next("event")}`;
  const arrived = new Promise<void>((resolve) => server.deps.broadcast.on(topic, () => resolve()));
  await server.deps.db.query(sql`select pg_notify('tollgate', ${`${topic} done`})`);
  await arrived;
}

/** Wire ids of a tenant's things by key. */
export async function idsOf(server: TestServer, slug: string) {
  const { db } = server.deps;
  const tenant = await db.one<{ id: string }>(sql`select id from tenants where slug = ${slug}`);
  const paywalls = await db.query<{ key: string; id: string; num: number; productId: string }>(
    sql`select key, id, num, default_product_id "productId" from paywalls where tenant_id = ${tenant.id}`,
  );
  const options = await db.query<{ key: string; id: string; num: number }>(
    sql`select key, id, num from purchase_options where tenant_id = ${tenant.id} and state = 'active'`,
  );
  const offers = await db.query<{ key: string; id: string }>(
    sql`select key, id from offers where tenant_id = ${tenant.id}`,
  );
  const byKey = <T extends { key: string }>(rows: T[]) => {
    const map = new Map(rows.map((row) => [row.key, row]));
    return (key: string): T => {
      const row = map.get(key);
      if (!row) throw new Error(`there is no ${key}`);
      return row;
    };
  };
  return { tenantId: tenant.id, paywall: byKey(paywalls), option: byKey(options), offer: byKey(offers) };
}
