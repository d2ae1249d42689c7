import { type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { findTenantBySlug } from "../tenants/index.ts";
import { currentOf } from "./current.ts";
import { diffValues } from "./diff.ts";
import { type Change, type Current, END, KINDS, type Setup, type Wanted } from "./setup.ts";
import { wantedOf } from "./wanted.ts";

/** What a buyer agreed to; a change of any of these on a sold option makes a successor. */
const TERMS = new Set([
  "paywall",
  "product",
  "interval",
  "intervalCount",
  "amount",
  "currency",
  "replaces",
  "credits",
]);

/**
 * What applying the file would change, in the order in which it has to happen. Tenants that the file does not
 * name are left alone; within a tenant that it does name, whatever the file does not list is archived, unless a
 * back end made it. Empty
 * when everything is as the file says.
 *
 * @throws `domain_taken` (409) when a host belongs to another tenant.
 */
export async function planSetup(q: Queryable, deps: Pick<Deps, "keys">, setup: Setup): Promise<Change[]> {
  const changes: Change[] = [];
  for (const tenant of setup.tenants) {
    const existing = await findTenantBySlug(q, tenant.slug);
    const wanted = wantedOf(tenant);
    await refuseTakenDomains(q, wanted, existing?.id ?? null);
    const current = existing ? await currentOf(q, deps, existing) : [];
    changes.push(...planTenant(tenant.slug, wanted, current));
  }
  return changes;
}

async function refuseTakenDomains(q: Queryable, wanted: Wanted[], tenantId: string | null): Promise<void> {
  const hosts = wanted.flatMap(({ kind, key }) => (kind === "domain" ? [key] : []));
  const taken = await q.query<{ host: string }>(sql`
    select host from domains where host = any (${hosts}) and tenant_id is distinct from ${tenantId}`);
  if (taken[0])
    throw new AppError("domain_taken", 409, `The domain ${taken[0].host} belongs to another tenant.`);
}

function planTenant(tenant: string, wanted: Wanted[], current: Current[]): Change[] {
  const nameOf = ({ kind, key }: Pick<Wanted, "kind" | "key">) => `${kind} ${key}`;
  const existing = new Map(current.map((it) => [nameOf(it), it]));
  const asked = new Set(wanted.map(nameOf));

  const kept = wanted.flatMap((it): Change[] => {
    const now = existing.get(nameOf(it));
    // A paywall exists without content; content is never "created" on its own.
    const fields = diffValues(now ? pick(now.values, it.values) : {}, it.values);
    if (!now) return it.kind === "content" ? [] : [{ tenant, ...it, action: "create", fields, id: null }];
    if (fields.length === 0) return [];
    const replaces =
      it.kind === "option" && now.sold && fields.some(({ path }) => TERMS.has(path.split(".")[0] ?? ""));
    return [{ tenant, ...it, action: replaces ? "replace" : "update", fields, id: now.id }];
  });
  // New paywalls begin with their content, however empty it is.
  const created = new Set(
    kept.flatMap((it) => (it.kind === "paywall" && it.action === "create" ? [it.key] : [])),
  );
  for (const it of wanted) {
    if (it.kind !== "content" || !created.has(it.key)) continue;
    kept.push({ tenant, ...it, action: "create", fields: diffValues({}, it.values), id: null });
  }

  const dropped = current.flatMap((it): Change[] => {
    const end = END[it.kind];
    if (!end || it.elsewhere || asked.has(nameOf(it)) || it.values[end.field] === end.value) return [];
    const fields = [{ path: end.field, before: it.values[end.field], after: end.value }];
    const values = { ...it.values, [end.field]: end.value };
    return [{ tenant, kind: it.kind, key: it.key, action: "archive", fields, id: it.id, values }];
  });

  const rank = ({ kind }: Change) => KINDS.indexOf(kind);
  // One experiment runs at a time and webhooks are counted: the old ones go before the new ones come.
  const starts = (it: Change) => (it.kind === "experiment" && it.values.state === "running" ? 1 : 0);
  const goesFirst = (it: Change) => it.kind === "experiment" || it.kind === "webhook";
  const stops = dropped.filter(goesFirst);
  return [
    ...stops,
    ...kept.sort((a, b) => rank(a) - rank(b) || starts(a) - starts(b)),
    ...dropped.filter((it) => !goesFirst(it)).sort((a, b) => rank(b) - rank(a)),
  ];
}

/** Secrets that the file does not name are not compared; everything else is, named or not. */
function pick(values: Wanted["values"], wanted: Wanted["values"]): Wanted["values"] {
  const { secret, hybridSecret, ...rest } = values;
  return {
    ...rest,
    ...("secret" in wanted && { secret }),
    ...("hybridSecret" in wanted && { hybridSecret }),
  };
}
