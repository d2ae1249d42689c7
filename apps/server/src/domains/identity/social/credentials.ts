import { json, type Queryable, sql, type Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { Paywall } from "../../paywalls/index.ts";
import { isSocialProvider, type ProviderCredentials, type SocialProvider } from "./provider.ts";

/** What a provider's secret is sealed under. */
export const providerSecretContext = (tenantId: string, provider: string): string =>
  `auth-provider:${tenantId}:${provider}`;

/** Keeps a tenant's credentials at a provider; without `secret` the one that is there stays. */
export async function saveProviderCredentials(
  tx: Tx,
  deps: Pick<Deps, "keys">,
  input: Omit<ProviderCredentials, "secret"> & {
    tenantId: string;
    secret?: string | undefined;
    state: "active" | "disabled";
    now: Date;
  },
): Promise<void> {
  const { tenantId, provider, clientId, secret, options, state, now } = input;
  const sealed =
    secret === undefined ? null : deps.keys.seal(secret, providerSecretContext(tenantId, provider));
  if (sealed === null) {
    await tx.execute(sql`
      update auth_providers set client_id = ${clientId}, options = ${json(options)}, state = ${state}, updated_at = ${now}
      where tenant_id = ${tenantId} and provider = ${provider}`);
    return;
  }
  await tx.execute(sql`
    insert into auth_providers (tenant_id, provider, client_id, secret_sealed, options, state, created_at, updated_at)
    values (${tenantId}, ${provider}, ${clientId}, ${sealed}, ${json(options)}, ${state}, ${now}, ${now})
    on conflict (tenant_id, provider) do update set client_id = excluded.client_id, options = excluded.options,
      secret_sealed = excluded.secret_sealed, state = excluded.state, updated_at = excluded.updated_at`);
}

export async function findProviderCredentials(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  tenantId: string,
  provider: SocialProvider,
): Promise<ProviderCredentials | null> {
  const row = await q.maybeOne<Omit<ProviderCredentials, "secret"> & { sealed: string }>(sql`
    select provider, client_id "clientId", options, secret_sealed sealed from auth_providers
    where tenant_id = ${tenantId} and provider = ${provider} and state = 'active'`);
  if (!row) return null;
  const { sealed, ...rest } = row;
  return { ...rest, secret: deps.keys.open(sealed, providerSecretContext(tenantId, provider)) };
}

/** Providers that a tenant has working credentials for. */
export async function listConfiguredProviders(q: Queryable, tenantId: string): Promise<SocialProvider[]> {
  const rows = await q.query<{ provider: string }>(sql`
    select provider from auth_providers where tenant_id = ${tenantId} and state = 'active' order by provider`);
  return rows.map((it) => it.provider).filter(isSocialProvider);
}

/** Of what a paywall wants to offer, in its order, what its tenant is set up for. Unset offers nothing. */
export const offeredProviders = (
  wanted: readonly SocialProvider[] | undefined,
  configured: readonly SocialProvider[],
): SocialProvider[] => (wanted ?? []).filter((provider) => configured.includes(provider));

/** Whether a sign-in may start: configured, and not left out of a list that the paywall has. */
export const mayStartWith = (paywall: Pick<Paywall, "settings">, provider: SocialProvider): boolean =>
  paywall.settings.authProviders?.includes(provider) ?? true;
