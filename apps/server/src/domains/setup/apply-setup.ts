import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import { recordPaywallChanged } from "../paywalls/index.ts";
import { findTenantBySlug, tenantNow } from "../tenants/index.ts";
import { planSetup } from "./plan-setup.ts";
import type { Change, Setup } from "./setup.ts";
import { writeApiProvider } from "./write-api-provider.ts";
import { writeAccessList, writeBundle, writeGrant, writeMeter, writeProduct } from "./write-content.ts";
import { writeContentSource } from "./write-content-source.ts";
import { writeDiscountCode } from "./write-discount-code.ts";
import { writeContent, writeExperiment, writeOffer, writeOption, writePaywall } from "./write-paywall.ts";
import {
  createTenant,
  writeAuthProvider,
  writeClient,
  writeDomain,
  writeProcessor,
  writeTenant,
  writeWebhook,
} from "./write-tenant.ts";

export type SetupDeps = Pick<Deps, "clock" | "config" | "ids" | "jobs" | "keys" | "random">;

/** What a writer of one kind works with. `now` is the tenant's time. */
export type Writing = {
  tx: Tx;
  deps: SetupDeps;
  tenantId: string;
  now: Date;
  change: Change;
};

const WRITERS: Record<Change["kind"], (writing: Writing) => Promise<void>> = {
  tenant: writeTenant,
  domain: writeDomain,
  product: writeProduct,
  bundle: writeBundle,
  processor: writeProcessor,
  authProvider: writeAuthProvider,
  client: writeClient,
  apiProvider: writeApiProvider,
  webhook: writeWebhook,
  meter: writeMeter,
  paywall: writePaywall,
  option: writeOption,
  offer: writeOffer,
  experiment: writeExperiment,
  content: writeContent,
  discountCode: writeDiscountCode,
  contentSource: writeContentSource,
  accessList: writeAccessList,
  grant: writeGrant,
};

/**
 * Makes the database as the file says, in the caller's transaction, and returns what that changed. Applying
 * the same file again changes nothing. A paywall gets a new version only when its content changed.
 *
 * @throws what `planSetup` throws, and a domain's own refusals (a webhook's address, for example).
 */
export async function applySetup(tx: Tx, deps: SetupDeps, setup: Setup): Promise<Change[]> {
  // Two runs at once take turns; the second one then finds little left to do.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('tollgate:apply'))`);
  const changes = await planSetup(tx, deps, setup);
  const changed = [...new Set(changes.map((change) => change.tenant))];
  for (const slug of changed) await applyToTenant(tx, deps, slug, changes);
  return changes;
}

async function applyToTenant(tx: Tx, deps: SetupDeps, slug: string, all: Change[]): Promise<void> {
  const changes = all.filter((change) => change.tenant === slug);
  const birth = changes.find((change) => change.kind === "tenant" && change.action === "create");
  if (birth) await createTenant(tx, deps, slug);
  const tenant = await findTenantBySlug(tx, slug);
  if (!tenant) throw new Error(`tenant ${slug} vanished while it was being changed`);
  const now = tenantNow(deps.clock, tenant);
  for (const change of changes) {
    await WRITERS[change.kind]({ tx, deps, tenantId: tenant.id, now, change });
  }
  await tellOfChanges(tx, deps, tenant.id, changes, now);
}

/** What more than one paywall may show. */
const SHARED = new Set<Change["kind"]>(["tenant", "domain", "processor", "authProvider"]);

/** One event per paywall that shows something else now; content tells of itself when it is published. */
async function tellOfChanges(
  tx: Tx,
  deps: SetupDeps,
  tenantId: string,
  changes: Change[],
  now: Date,
): Promise<void> {
  const shared = changes.some(({ kind }) => SHARED.has(kind));
  if (shared) {
    await recordEvent(tx, deps, {
      type: "tenant.changed",
      tenantId,
      objectId: tenantId,
      occurredAt: now,
      data: {},
    });
  }
  const keys = new Set(
    changes.flatMap(({ kind, key, values }) => {
      if (kind === "paywall") return [key];
      return kind === "option" || kind === "offer" || kind === "experiment" ? [String(values.paywall)] : [];
    }),
  );
  const paywalls = await tx.query<{ id: string }>(sql`
    select id from paywalls where tenant_id = ${tenantId} and key = any (${[...keys]}) order by num`);
  for (const { id } of paywalls) await recordPaywallChanged(tx, deps, { tenantId, paywallId: id, now });
}
