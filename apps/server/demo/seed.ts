import { readFile } from "node:fs/promises";
import { providerRedirectUri } from "../src/domains/identity/index.ts";
import type { Setup } from "../src/domains/setup/index.ts";
import { createApiKey, findTenantBySlug } from "../src/domains/tenants/index.ts";
import { updateWebhookEndpoint } from "../src/domains/webhooks/index.ts";
import { type Queryable, sql, type Tx } from "../src/platform/database/index.ts";
import type { Deps } from "../src/platform/deps.ts";
import { StartError } from "../src/platform/start-error.ts";
import { MODEL_PATH } from "../src/surfaces/dev/model.ts";
import { moveSandboxApps, registerSandboxApp } from "../src/surfaces/sandbox-identity/index.ts";

/** Whatever a client needs to be pointed at the demonstration; served as `/dev/demo.json`. */
export type DemoFacts = {
  baseUrl: string;
  tenant: { id: string; slug: string };
  merchant: { email: string; password: string };
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  /** Null in a demonstration that was made before it had clients. */
  clientId: string | null;
  vendorId: string;
  /** Null likewise. */
  machine: { clientId: string; clientSecret: string } | null;
  paywalls: {
    app: { id: string; prices: { id: string; interval: string }[] };
    /** Null in a demonstration that was made before the gateway had providers. */
    credits: { id: string; providerId: string | null; deepProviderId: string | null };
    /** `articles` are addresses of pages; `discountCode` is null in a demonstration that was made before there were codes. */
    news: {
      id: string;
      sku: string;
      purchaseOptionId: string;
      articles: string[];
      discountCode: string | null;
    };
    /** The newspaper's second paywall; null in a demonstration that was made before it had one. */
    weekend: { id: string } | null;
  };
};

const SLUG = "lumen";
const WEBHOOK_KEY = "demo";
const WEB_CLIENT = "lumen-web";
const MACHINE_CLIENT = "lumen-backend";
const MERCHANT_EMAIL = "owner@lumen.example";
const WRITTEN_ORIGIN = "http://localhost:4400";

/**
 * The demonstration's credentials. They follow from the installation's secret, so that they can be shown
 * again after a restart although only their hashes are stored, and differ from one installation to the next.
 */
function credentials(deps: Pick<Deps, "keys">) {
  const derive = (what: string, chars: number) =>
    deps.keys.pseudonym(`demo:${what}`).toString("base64url").replace(/[-_]/g, "x").slice(0, chars);
  return {
    password: `lumen-${derive("merchant-password", 12)}`,
    secretKey: `sk_test_${derive("secret-key", 32)}`,
    publishableKey: `pk_test_${derive("publishable-key", 32)}`,
    // Standard Webhooks readers decode what follows the prefix as base64.
    machineSecret: derive("machine-secret", 40),
    webhookSecret: `whsec_${derive("webhook-secret", 32)}`,
  };
}

async function readSetup(baseUrl: string, known: ReturnType<typeof credentials>): Promise<Setup> {
  const text = await readFile(new URL("./tollgate.yaml", import.meta.url), "utf8");
  const here = new URL(baseUrl);
  const local = text
    .replaceAll(WRITTEN_ORIGIN, here.origin)
    .replaceAll(new URL(WRITTEN_ORIGIN).host, here.host);
  const { parseSetup } = await import("../src/domains/setup/index.ts");
  const parsed = parseSetup(local, "demo/tollgate.yaml");
  if (!parsed.ok) throw new StartError(`The demonstration cannot be set up. ${parsed.problems.join(" ")}`);
  for (const tenant of parsed.setup.tenants) {
    for (const webhook of tenant.webhooks) webhook.secret = known.webhookSecret;
    for (const client of tenant.clients) if (client.kind === "machine") client.secret = known.machineSecret;
  }
  return parsed.setup;
}

/**
 * Creates the demonstration on an installation that has none, in one transaction. Where it exists, nothing of
 * it is undone; it only learns the address that the server has now.
 */
export async function seedDemo(
  deps: Deps,
  options: { baseUrl: string; onProgress?: (step: string) => void },
): Promise<DemoFacts> {
  const { baseUrl } = options;
  if (await findTenantBySlug(deps.db, SLUG)) {
    await deps.db.transaction((tx) => followAddress(tx, deps, baseUrl));
    return demoFacts(deps, baseUrl);
  }
  options.onProgress?.("Creating the demonstration");
  const known = credentials(deps);
  // Only the first start needs these.
  const [{ applySetup }, { hash }] = await Promise.all([
    import("../src/domains/setup/index.ts"),
    import("@node-rs/argon2"),
  ]);
  const setup = await readSetup(baseUrl, known);
  const passwordHash = await hash(known.password);
  await deps.db.transaction(async (tx) => {
    await registerApps(tx, deps, setup, baseUrl);
    await applySetup(tx, deps, setup);
    const tenant = await tenantOf(tx);
    await createOwner(tx, deps, tenant.id, passwordHash);
    const keys = [
      { name: "Demonstration", kind: "secret", secret: known.secretKey },
      { name: "Demonstration", kind: "publishable", secret: known.publishableKey },
    ] as const;
    for (const key of keys) await createApiKey(tx, deps, { tenantId: tenant.id, mode: "test", ...key });
  });
  return demoFacts(deps, baseUrl);
}

const tenantOf = async (q: Queryable) => {
  const tenant = await findTenantBySlug(q, SLUG);
  if (!tenant) throw new Error("there is no demonstration in this database");
  return tenant;
};

async function createOwner(tx: Tx, deps: Deps, tenantId: string, passwordHash: string): Promise<void> {
  const staffId = deps.ids.next("staff");
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into staff_accounts (id, email, password_hash, created_at) values (${staffId}, ${MERCHANT_EMAIL}, ${passwordHash}, ${now})`);
  await tx.execute(sql`
    insert into memberships (id, tenant_id, staff_id, role, created_at)
    values (${deps.ids.next("membership")}, ${tenantId}, ${staffId}, 'owner', ${now})`);
}

/** Registers the demonstration's apps at the company that plays the sign-in providers, and notes what it hands out. */
async function registerApps(tx: Tx, deps: Deps, setup: Setup, baseUrl: string): Promise<void> {
  for (const app of setup.tenants.flatMap((tenant) => tenant.authProviders)) {
    const { provider, clientId } = app;
    const redirectUri = providerRedirectUri(baseUrl, provider);
    const { secret, teamId, keyId } = await registerSandboxApp(tx, deps, { provider, clientId, redirectUri });
    if (app.provider !== "apple") app.clientSecret = secret;
    else Object.assign(app, { privateKey: secret, teamId, keyId });
  }
}

/** The port may be another one than last time; links in mails, the demonstration's webhook and its sign-in providers follow it. */
async function followAddress(tx: Tx, deps: Deps, baseUrl: string): Promise<void> {
  const { id: tenantId } = await tenantOf(tx);
  const { host, origin } = new URL(baseUrl);
  await tx.execute(sql`
    update domains set host = ${host}
    where tenant_id = ${tenantId} and host <> ${host} and host ~ '^(localhost|127[.]0[.]0[.]1)(:[0-9]+)?$'
      and not exists (select 1 from domains taken where taken.host = ${host})`);
  await moveArticles(tx, tenantId, host, origin);
  const webhook = await tx.maybeOne<{ id: string; url: string }>(sql`
    select id, url from webhook_endpoints where tenant_id = ${tenantId} and key = ${WEBHOOK_KEY} and state <> 'deleted'`);
  const url = `${origin}/dev/webhooks`;
  if (webhook?.url.endsWith("/dev/webhooks") && webhook.url !== url) {
    await updateWebhookEndpoint(tx, deps, { tenantId, id: webhook.id, change: { url } });
  }
  await tx.execute(sql`
    update auth_providers set options = options || jsonb_strip_nulls(jsonb_build_object(
      'issuer', regexp_replace(options->>'issuer', '^https?://[^/]+(/sandbox/)', ${`${origin}\\1`}),
      'baseUrl', regexp_replace(options->>'baseUrl', '^https?://[^/]+(/sandbox/)', ${`${origin}\\1`})))
    where tenant_id = ${tenantId}`);
  await tx.execute(sql`
    update oauth_clients set origins = array[${origin}]
    where tenant_id = ${tenantId} and client_id = ${WEB_CLIENT} and origins <> array[${origin}]
      and cardinality(origins) = 1 and origins[1] ~ '^http://(localhost|127[.]0[.]0[.]1)(:[0-9]+)?$'`);
  await tx.execute(sql`
    update api_providers set base_url = ${`${origin}${MODEL_PATH}`}
    where tenant_id = ${tenantId} and base_url ~ ${`^https?://[^/]+${MODEL_PATH}$`}`);
  await moveSandboxApps(tx, origin);
}

/** The newspaper's pages are served here, so their addresses move as well. */
async function moveArticles(tx: Tx, tenantId: string, host: string, origin: string): Promise<void> {
  const local = "^(https?://)?(localhost|127[.]0[.]0[.]1)(:[0-9]+)?(?=/storefronts/)";
  const moved = (column: string, to: string) =>
    sql`${{ text: `regexp_replace(${column}, `, values: [], name: undefined }} ${local}, ${to})`;
  const all = (column: string, to: string) =>
    sql`array(select ${moved("it", to)} from ${{ text: `unnest(${column})`, values: [], name: undefined }} it)`;
  await tx.execute(sql`
    update products set url = ${moved("url", origin)}, url_key = ${moved("url_key", host)},
      pass_url = ${moved("pass_url", origin)}, pass_url_key = ${moved("pass_url_key", host)},
      url_patterns = ${all("url_patterns", origin)}, url_likes = ${all("url_likes", host)}
    where tenant_id = ${tenantId} and url ~ ${local} and url not like ${`${origin}/%`}`);
}

/** The facts of a demonstration that exists. */
export async function demoFacts(
  deps: Pick<Deps, "config" | "db" | "keys">,
  baseUrl?: string,
): Promise<DemoFacts> {
  const tenant = await tenantOf(deps.db);
  const options = await deps.db.query<{
    paywall: string;
    id: string;
    num: number;
    interval: string;
    paywallNum: number;
    sku: string;
  }>(sql`
    select p.key paywall, p.num "paywallNum", o.id, o.num, o.interval, s.sku
    from purchase_options o join paywalls p on p.id = o.paywall_id join products s on s.id = o.product_id
    where o.tenant_id = ${tenant.id} and o.state = 'active' and o.replaces_id is null order by p.num, o.sort`);
  const articles = await deps.db.query<{ url: string }>(sql`
    select url from products where tenant_id = ${tenant.id} and type = 'article' and state = 'active' and url is not null
    order by published_at, sku`);
  const of = (key: string) => {
    const its = options.filter((option) => option.paywall === key);
    const first = its[0];
    if (!first) throw new Error(`the demonstration's paywall "${key}" sells nothing`);
    return { first, its };
  };
  const [app, credits, news] = [of("app"), of("credits"), of("news")];
  const code = await deps.db.maybeOne<{ code: string }>(sql`
    select code from discount_codes where tenant_id = ${tenant.id} and from_file and status = 'ACTIVE' order by id limit 1`);
  const weekend = options.find((option) => option.paywall === "weekend");
  const known = credentials(deps);
  const rows = await deps.db.query<{ clientId: string }>(sql`
    select client_id "clientId" from oauth_clients where tenant_id = ${tenant.id} and state = 'active'`);
  const providers = await deps.db.query<{ id: string; key: string }>(sql`
    select id, key from api_providers where tenant_id = ${tenant.id} and state = 'enabled'`);
  const providerOf = (key: string) => providers.find((it) => it.key === key)?.id ?? null;
  const clients = rows.map(({ clientId }) => clientId);
  return {
    baseUrl: baseUrl ?? deps.config.baseUrl,
    tenant: { id: tenant.id, slug: tenant.slug },
    merchant: { email: MERCHANT_EMAIL, password: known.password },
    secretKey: known.secretKey,
    publishableKey: known.publishableKey,
    webhookSecret: known.webhookSecret,
    clientId: clients.includes(WEB_CLIENT) ? WEB_CLIENT : null,
    // The publisher wire calls a tenant's slug its vendor id.
    vendorId: tenant.slug,
    machine: clients.includes(MACHINE_CLIENT)
      ? { clientId: MACHINE_CLIENT, clientSecret: known.machineSecret }
      : null,
    paywalls: {
      app: {
        id: String(app.first.paywallNum),
        prices: app.its.map(({ num, interval }) => ({ id: String(num), interval })),
      },
      credits: {
        id: String(credits.first.paywallNum),
        providerId: providerOf("lumen-chat"),
        deepProviderId: providerOf("lumen-deep"),
      },
      news: {
        id: String(news.first.paywallNum),
        sku: news.first.sku,
        purchaseOptionId: news.first.id,
        articles: articles.map(({ url }) => url),
        discountCode: code?.code ?? null,
      },
      weekend: weekend ? { id: String(weekend.paywallNum) } : null,
    },
  };
}
