import type { Deps } from "../../../platform/deps.ts";
import { findTenant, tenantNow } from "../../tenants/index.ts";
import { findProviderCredentials } from "./credentials.ts";
import { claimFlow, endFlow, type Flow, keepProfile } from "./flow.ts";
import { isLinkable } from "./own-identity.ts";
import { reasonOf, type SocialProvider } from "./provider.ts";
import type { ProviderClients } from "./provider-clients.ts";
import { providerRedirectUri } from "./start-social-sign-in.ts";

export const CALLBACK_PATH = "/paywall/v3/auth/callback";
/** The login service's own way back; it knows the page that waits by its `state`. */
export const LOGIN_CALLBACK_PATH = "/u/social";

/**
 * Why a sign-in came to nothing, as the callback page is told: `error` in OAuth's words, and a code of ours.
 * The sentences are ours, too: what a provider or an address says is never passed on.
 */
const FAILURES = {
  access_denied: { error: "access_denied", description: "The sign-in was cancelled" },
  flow_expired: { error: "invalid_request", description: "The sign-in took too long or was already used" },
  provider_refused: { error: "server_error", description: "The provider did not confirm the sign-in" },
  provider_unavailable: { error: "temporarily_unavailable", description: "The provider did not answer" },
  provider_not_supported: { error: "invalid_request", description: "This way to sign in was switched off" },
  identity_already_exists: {
    error: "server_error",
    description: "That sign-in is already linked to another account",
  },
} as const;
type Failure = keyof typeof FAILURES;

const CODE_CHARS_MAX = 4096;

type Way = { returnOrigin: string; loginState?: string | undefined };

const loginUrl = (way: Way, state: string, answer: Record<string, string>): string =>
  `${way.returnOrigin}${LOGIN_CALLBACK_PATH}?${new URLSearchParams({ state, ...answer })}`;

function failureUrl(way: Way, code: Failure): string {
  const { error, description } = FAILURES[code];
  if (way.loginState !== undefined) return loginUrl(way, way.loginState, { error: code });
  const fragment = new URLSearchParams({ error, error_code: code, error_description: description });
  return `${way.returnOrigin}${CALLBACK_PATH}#${fragment}`;
}

/**
 * Hears what a provider says about a sign-in, and returns where the browser goes next: always to a callback
 * page, or back to the login page, on a host that was written down when the sign-in began. A good answer puts a code there, once; nobody is
 * signed in and nothing is linked until that code is exchanged.
 */
export async function receiveProviderAnswer(
  deps: Pick<Deps, "clock" | "config" | "db" | "keys" | "log" | "random">,
  clients: ProviderClients,
  input: { provider: SocialProvider; params: URLSearchParams },
): Promise<string> {
  const { provider, params } = input;
  const state = params.get("state") ?? "";
  const flow = await claimFlow(deps.db, deps, { provider, state });
  if (!flow) return failureUrl({ returnOrigin: deps.config.baseUrl }, "flow_expired");

  const fail = async (code: Failure): Promise<string> => {
    await endFlow(deps.db, flow.id, "failed");
    return failureUrl(flow, code);
  };
  const tenant = await findTenant(deps.db, flow.tenantId);
  if (tenant?.status !== "active") return fail("provider_not_supported");
  if (flow.expiresAt <= tenantNow(deps.clock, tenant)) return fail("flow_expired");
  if (params.has("error")) return fail(isDenial(params.get("error")) ? "access_denied" : "provider_refused");
  const code = params.get("code") ?? "";
  if (!code || code.length > CODE_CHARS_MAX) return fail("provider_refused");
  const credentials = await findProviderCredentials(deps.db, deps, tenant.id, provider);
  if (!credentials) return fail("provider_not_supported");

  const redirectUri = providerRedirectUri(deps.config.baseUrl, provider);
  const { nonce, pkceVerifier } = flow;
  const profile = await clients
    .readProfile({ credentials, redirectUri, state, nonce, pkceVerifier, params })
    .catch((error: unknown) => error);
  if (profile instanceof Error || !isProfile(profile)) {
    const log = { reason: reasonOf(profile), tenant: tenant.slug, provider };
    deps.log.warn(log, "a provider did not confirm a sign-in");
    return fail(isUnreachable(profile) ? "provider_unavailable" : "provider_refused");
  }
  if (!(await isLinkable(deps.db, flow, profile))) return fail("identity_already_exists");
  const now = tenantNow(deps.clock, tenant);
  return successUrl(flow, await keepProfile(deps.db, deps, flow, profile, now));
}

const successUrl = (flow: Flow & Way, code: string): string =>
  flow.loginState !== undefined
    ? loginUrl(flow, flow.loginState, { code })
    : `${flow.returnOrigin}${CALLBACK_PATH}?${new URLSearchParams({ code })}`;

type Profile = Awaited<ReturnType<ProviderClients["readProfile"]>>;
const isProfile = (value: unknown): value is Profile =>
  typeof value === "object" && value !== null && "subject" in value;

/** Apple says it in its own word. */
const isDenial = (error: string | null): boolean =>
  error === "access_denied" || error === "user_cancelled_authorize";

/** No answer at all, or one of "not now": trying again may help. The library wraps what the network said. */
function isUnreachable(error: unknown): boolean {
  for (let it = error; it instanceof Error; it = it.cause) {
    const code = "code" in it ? String(it.code) : "";
    if (it.name === "TimeoutError" || /^(E[A-Z]+|UND_ERR_\w+|outbound_refused)$/.test(code)) return true;
    if (it.cause instanceof Response && it.cause.status >= 500) return true;
  }
  return false;
}
