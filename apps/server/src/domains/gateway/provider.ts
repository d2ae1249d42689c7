import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { CostRow, PriceRule } from "./price.ts";
import type { Wire } from "./usage.ts";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** An API that is called for customers: product spec §2, API provider. */
export type ApiProvider = {
  id: string;
  tenantId: string;
  key: string;
  name: string;
  wire: Wire;
  baseUrl: string;
  methods: Method[];
  /** None at all lets every path be called. */
  pathRules: string[];
  defaultBody: Record<string, unknown>;
  tokenType: string;
  price: PriceRule;
  costs: CostRow[];
  timeoutMs: number;
  /** Bytes of one answer. */
  maxBytes: number;
  /** For one customer: calls in a minute, calls at once, credits in a day (UTC). Null is no limit of its own. */
  perMinute: number | null;
  concurrent: number | null;
  perDay: number | null;
  state: "enabled" | "disabled";
};

/** What is written beside the settings. A key that is left out stays as it is. */
export type ProviderSecrets = { headers: Record<string, string>; apiKey?: string | undefined };

const contextOf = (tenantId: string, key: string): string => `api-provider:${tenantId}:${key}`;

const COLUMNS = sql`id, tenant_id "tenantId", key, name, wire, base_url "baseUrl", methods, path_rules "pathRules",
  default_body "defaultBody", token_type "tokenType", price_rule price, cost_table costs, timeout_ms "timeoutMs",
  max_bytes "maxBytes", per_minute "perMinute", concurrent, per_day "perDay", state`;

export type SealedProvider = ApiProvider & { headersSealed: string; apiKeySealed: string | null };

/** Every provider of a tenant, disabled ones included, with their secrets still sealed. */
export const listSealedProviders = (q: Queryable, tenantId: string): Promise<SealedProvider[]> =>
  q.query<SealedProvider>(sql`
    select ${COLUMNS}, headers_sealed "headersSealed", api_key_sealed "apiKeySealed"
    from api_providers where tenant_id = ${tenantId} order by key`);

/** One by its id or key. Null for another tenant's. */
export const findSealedProvider = (
  q: Queryable,
  tenantId: string,
  ref: string,
): Promise<SealedProvider | null> =>
  q.maybeOne<SealedProvider>(sql`
    select ${COLUMNS}, headers_sealed "headersSealed", api_key_sealed "apiKeySealed"
    from api_providers where tenant_id = ${tenantId} and (id = ${ref} or key = ${ref})`);

export function openSecrets(
  deps: Pick<Deps, "keys">,
  provider: SealedProvider,
): { headers: Record<string, string>; apiKey: string | null } {
  const context = contextOf(provider.tenantId, provider.key);
  const headers = JSON.parse(deps.keys.open(provider.headersSealed, context)) as Record<string, string>;
  return { headers, apiKey: provider.apiKeySealed && deps.keys.open(provider.apiKeySealed, context) };
}

/** Headers that a provider gets with every call: its own, and its key where its wire puts keys. */
export function providerHeaders(deps: Pick<Deps, "keys">, provider: SealedProvider): Record<string, string> {
  const { headers, apiKey } = openSecrets(deps, provider);
  if (provider.wire === "anthropic") {
    return { "anthropic-version": "2023-06-01", ...(apiKey && { "x-api-key": apiKey }), ...headers };
  }
  return { ...(apiKey && { authorization: `Bearer ${apiKey}` }), ...headers };
}

/** Writes a provider under its key, new or not. */
export async function saveProvider(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "keys">,
  provider: Omit<ApiProvider, "id">,
  secrets: ProviderSecrets,
): Promise<void> {
  const { tenantId, key } = provider;
  const seal = (text: string) => deps.keys.seal(text, contextOf(tenantId, key));
  const apiKey = secrets.apiKey === undefined ? null : seal(secrets.apiKey);
  const now = deps.clock.now();
  await tx.execute(sql`
    insert into api_providers as p (id, tenant_id, key, name, wire, base_url, headers_sealed, api_key_sealed, methods,
      path_rules, default_body, token_type, price_rule, cost_table, timeout_ms, max_bytes, per_minute, concurrent, per_day,
      state, created_at, updated_at)
    values (${deps.ids.next("provider")}, ${tenantId}, ${key}, ${provider.name}, ${provider.wire}, ${provider.baseUrl},
      ${seal(JSON.stringify(secrets.headers))}, ${apiKey}, ${provider.methods}, ${provider.pathRules},
      ${json(provider.defaultBody)}, ${provider.tokenType}, ${json(provider.price)}, ${json(provider.costs)},
      ${provider.timeoutMs}, ${provider.maxBytes}, ${provider.perMinute}, ${provider.concurrent}, ${provider.perDay},
      ${provider.state}, ${now}, ${now})
    on conflict (tenant_id, key) do update set name = excluded.name, wire = excluded.wire, base_url = excluded.base_url,
      headers_sealed = excluded.headers_sealed, api_key_sealed = coalesce(excluded.api_key_sealed, p.api_key_sealed),
      methods = excluded.methods, path_rules = excluded.path_rules, default_body = excluded.default_body,
      token_type = excluded.token_type, price_rule = excluded.price_rule, cost_table = excluded.cost_table,
      timeout_ms = excluded.timeout_ms, max_bytes = excluded.max_bytes, per_minute = excluded.per_minute,
      concurrent = excluded.concurrent, per_day = excluded.per_day, state = excluded.state,
      updated_at = excluded.updated_at`);
}
