import type { Deps } from "../../../platform/deps.ts";
import { type Paywall, paywallOrigin } from "../../paywalls/index.ts";
import type { Tenant } from "../../tenants/index.ts";
import { refusal } from "../errors.ts";
import { takeStartLimit } from "../limits.ts";
import type { SignedIn } from "../resolve-access-token.ts";
import { findProviderCredentials, mayStartWith } from "./credentials.ts";
import { createFlow } from "./flow.ts";
import { isSocialProvider, reasonOf, type SocialProvider } from "./provider.ts";
import type { ProviderClients } from "./provider-clients.ts";

/** The one address per provider that is registered there, whatever the tenant and the paywall. */
export const providerRedirectUri = (baseUrl: string, provider: SocialProvider): string =>
  `${baseUrl}/paywall/v3/auth/provider/${provider}`;

/** The paywall's own origin, or that of its mirror when the request came through the mirror. */
function returnOriginOf(paywall: Pick<Paywall, "host">, requestHost: string, baseUrl: string): string {
  const primary = paywallOrigin(paywall, baseUrl);
  const mirror = `edge.${paywall.host}`;
  return requestHost.toLowerCase() === mirror ? primary.replace("://", "://edge.") : primary;
}

/**
 * Begins a sign-in with a provider and returns where to send the browser. Nothing changes for anybody until
 * the code that comes back is exchanged with the verifier of `codeChallenge`. With `linkTo` the identity
 * will be added to that customer instead of signing in whoever has it.
 *
 * @throws `provider_not_supported`, `over_request_rate_limit`, `upstream` when the provider cannot be asked
 *   where it is.
 */
export async function startSocialSignIn(
  deps: Pick<Deps, "clock" | "config" | "db" | "ids" | "keys" | "log" | "random">,
  clients: ProviderClients,
  input: {
    tenant: Tenant;
    provider: string;
    codeChallenge: string;
    scopes: string[];
    linkTo: SignedIn | null;
    clientAddress: string;
    now: Date;
    /** Where it begins and comes back to. */
    from: { paywall: Paywall; requestHost: string } | { loginState: string; origin: string };
  },
): Promise<URL> {
  const { tenant, provider, linkTo, now, from } = input;
  const paywall = "paywall" in from ? from.paywall : null;
  const supported = isSocialProvider(provider) && (paywall === null || mayStartWith(paywall, provider));
  const credentials = supported ? await findProviderCredentials(deps.db, deps, tenant.id, provider) : null;
  if (!credentials) throw refusal("provider_not_supported");
  await takeStartLimit(deps.db, deps, { tenantId: tenant.id, clientAddress: input.clientAddress, now });
  const flow = await createFlow(deps.db, deps, {
    tenantId: tenant.id,
    paywallId: paywall?.id ?? null,
    provider: credentials.provider,
    codeChallenge: input.codeChallenge,
    returnOrigin:
      "paywall" in from ? returnOriginOf(from.paywall, from.requestHost, deps.config.baseUrl) : from.origin,
    loginState: "loginState" in from ? from.loginState : undefined,
    linkCustomerId: linkTo?.customer.id ?? null,
    linkSessionId: linkTo?.sessionId ?? null,
    now,
  });
  const redirectUri = providerRedirectUri(deps.config.baseUrl, credentials.provider);
  try {
    return await clients.authorizeUrl({ credentials, redirectUri, ...flow, scopes: input.scopes });
  } catch (error) {
    deps.log.warn(
      { reason: reasonOf(error), tenant: tenant.slug, provider },
      "a sign-in provider could not be asked",
    );
    throw refusal("upstream");
  }
}
