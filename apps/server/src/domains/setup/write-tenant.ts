import { json, sql, type Tx } from "../../platform/database/index.ts";
import { AppError } from "../../platform/errors.ts";
import { isSocialProvider, type ProviderOptions, saveProviderCredentials } from "../identity/index.ts";
import {
  createTenant as createEmptyTenant,
  hybridContext,
  type OAuthClient,
  saveOAuthClient,
} from "../tenants/index.ts";
import { createWebhookEndpoint, updateWebhookEndpoint } from "../webhooks/index.ts";
import type { SetupDeps, Writing } from "./apply-setup.ts";

/** A tenant with nothing in it; `writeTenant` then gives it its values. */
export async function createTenant(tx: Tx, deps: SetupDeps, slug: string): Promise<void> {
  await createEmptyTenant(tx, deps, { slug, name: slug });
}

export async function writeTenant({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const v = change.values;
  await tx.execute(sql`
    update tenants set name = ${v.name}, currency = ${v.currency}, locale = ${v.locale}, time_zone = ${v.timeZone},
      brand_color = ${v.brandColor}, support_email = ${v.supportEmail}, descriptor = ${v.descriptor},
      grace_days = ${v.graceDays}, refund_policy = ${v.refundPolicy}, hybrid_trust = ${v.hybridTrust},
      tiers = ${json(v.tiers)}, gift_policy = ${json(v.gifts)}, updated_at = ${now}, row_version = row_version + 1
    where id = ${tenantId}`);
  if (typeof v.hybridSecret === "string") {
    const sealed = deps.keys.seal(v.hybridSecret, hybridContext(tenantId));
    await tx.execute(sql`update tenants set hybrid_secret_sealed = ${sealed} where id = ${tenantId}`);
  }
}

const DOMAIN_STATES: Record<string, string> = {
  verified: "verified",
  pending: "pending_dns",
  removed: "removed",
};

export async function writeDomain({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const state = DOMAIN_STATES[String(change.values.state)];
  await tx.execute(sql`
    insert into domains (id, tenant_id, host, state) values (${deps.ids.next("domain")}, ${tenantId}, ${change.key}, ${state})
    on conflict (host) do update set state = excluded.state where domains.tenant_id = ${tenantId}`);
}

/** A sandbox needs no account anywhere; what it signs its events with is made here. */
export async function writeProcessor({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const v = change.values;
  const id = deps.ids.next("connection");
  const secret = `whsec_${deps.random.bytes(24).toString("base64url")}`;
  await tx.execute(sql`
    insert into processor_connections as c (id, tenant_id, key, kind, label, mode, acquiring, webhook_secret_sealed, state)
    values (${id}, ${tenantId}, ${change.key}, ${v.kind}, ${v.label}, ${v.mode}, ${v.acquiring},
      ${deps.keys.seal(secret, `webhook-secret:${id}`)}, ${v.state})
    on conflict (tenant_id, key) do update set label = excluded.label, mode = excluded.mode,
      acquiring = excluded.acquiring, state = excluded.state`);
}

/** @throws `secret_required` (422) for a provider that has no secret yet and gets none. */
export async function writeAuthProvider({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const { clientId, options, state, secret } = change.values as {
    clientId: string;
    options: ProviderOptions;
    state: "active" | "disabled";
    secret?: string;
  };
  const provider = change.key;
  if (!isSocialProvider(provider)) throw new Error(`${provider} is no sign-in provider`);
  if (!change.id && secret === undefined) {
    const field = provider === "apple" ? "privateKey" : "clientSecret";
    throw new AppError(
      "secret_required",
      422,
      `The sign-in provider ${provider} needs its ${field} the first time.`,
    );
  }
  await saveProviderCredentials(tx, deps, { tenantId, provider, clientId, options, state, secret, now });
}

/**
 * @throws `secret_required` (422) for a back end that has no secret yet and gets none; `client_taken` (409) when the name is
 *   another tenant's, or a page's client is to become a back end's.
 */
export async function writeClient({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const { secret, ...values } = change.values as Pick<
    OAuthClient,
    "name" | "kind" | "origins" | "scopes" | "state"
  > & { secret?: string };
  if (!change.id && values.kind === "machine" && !secret) {
    throw new AppError("secret_required", 422, `The client ${change.key} needs its secret the first time.`);
  }
  const secretHash = secret ? Buffer.from(secret.replace("sha256:", ""), "hex") : undefined;
  const saved = await saveOAuthClient(tx, deps, { ...values, tenantId, clientId: change.key, secretHash });
  if (!saved) {
    throw new AppError("client_taken", 409, `The client id ${change.key} is in use for something else.`);
  }
}

export async function writeWebhook({ tx, deps, tenantId, change }: Writing): Promise<void> {
  const { url, types, mode, state, secret } = change.values as {
    url: string;
    types: string[];
    mode: "test" | "live";
    state: "active" | "paused" | "deleted";
    secret?: string;
  };
  // An endpoint keeps its mode for life: test news must never reach a live address by an edit.
  const moved = change.fields.some(({ path }) => path === "mode");
  if (change.id && moved) {
    await updateWebhookEndpoint(tx, deps, { tenantId, id: change.id, change: { state: "deleted" } });
  }
  if (change.id && !moved) {
    const changedSecret = change.fields.some(({ path }) => path === "secret") ? { secret } : {};
    await updateWebhookEndpoint(tx, deps, {
      tenantId,
      id: change.id,
      change: { url, types, state, ...changedSecret },
    });
    return;
  }
  const { endpoint } = await createWebhookEndpoint(tx, deps, {
    tenantId,
    key: change.key,
    url,
    types,
    mode,
    secret,
  });
  if (state === "paused") {
    await updateWebhookEndpoint(tx, deps, { tenantId, id: endpoint.id, change: { state } });
  }
}
