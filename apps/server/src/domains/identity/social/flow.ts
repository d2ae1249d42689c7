import { addSeconds } from "../../../platform/clock.ts";
import { sha256 } from "../../../platform/crypto.ts";
import { type Queryable, sql, type Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { ProviderProfile, SocialProvider } from "./provider.ts";

/** From the click to the provider's answer, and from there to the exchange: ten minutes each. */
export const FLOW_SECONDS = 600;
export const CODE_SECONDS = 600;

/** One attempt to sign in with a provider. */
export type Flow = {
  id: string;
  tenantId: string;
  /** Null at the login service, which has none. */
  paywallId: string | null;
  provider: SocialProvider;
  codeChallenge: string;
  returnOrigin: string;
  /** Whom the identity is to be added to, and the session in which they asked for it. */
  linkCustomerId: string | null;
  linkSessionId: string | null;
  expiresAt: Date;
};

type Secrets = {
  nonce: string;
  pkceVerifier: string;
  /** The login page that waits for it, when it began there. */
  loginState?: string | undefined;
};

const COLUMNS = {
  text: `f.id, f.tenant_id "tenantId", f.paywall_id "paywallId", f.provider, f.code_challenge "codeChallenge",
    f.return_origin "returnOrigin", f.link_customer_id "linkCustomerId", f.link_session_id "linkSessionId",
    f.expires_at "expiresAt"`,
  values: [],
  name: undefined,
};

const context = (flowId: string): string => `oauth-flow:${flowId}`;

/** Writes a flow down. What is returned is known to the browser (`state`) or to nobody else (the rest). */
export async function createFlow(
  q: Queryable,
  deps: Pick<Deps, "ids" | "keys" | "random">,
  input: Omit<Flow, "id" | "expiresAt"> & Pick<Secrets, "loginState"> & { now: Date },
): Promise<Secrets & { state: string }> {
  const id = deps.ids.next("oauthFlow");
  const secret = () => deps.random.bytes(32).toString("base64url");
  const state = secret();
  const secrets: Secrets = { nonce: secret(), pkceVerifier: secret(), loginState: input.loginState };
  const { now } = input;
  await q.execute(sql`
    insert into oauth_flows (id, tenant_id, paywall_id, provider, state_hash, secrets_sealed, code_challenge, return_origin,
      link_customer_id, link_session_id, created_at, expires_at)
    values (${id}, ${input.tenantId}, ${input.paywallId}, ${input.provider}, ${sha256(state)},
      ${deps.keys.seal(JSON.stringify(secrets), context(id))}, ${input.codeChallenge}, ${input.returnOrigin},
      ${input.linkCustomerId}, ${input.linkSessionId}, ${now}, ${addSeconds(now, FLOW_SECONDS)})`);
  return { ...secrets, state };
}

/**
 * Takes the flow that a provider's answer belongs to, once: of two answers with one state the first counts.
 * Null for a state that we did not make, made for another provider, or saw before.
 */
export async function claimFlow(
  q: Queryable,
  deps: Pick<Deps, "keys">,
  { provider, state }: { provider: SocialProvider; state: string },
): Promise<(Flow & Secrets) | null> {
  const row = await q.maybeOne<Flow & { sealed: string }>(sql`
    update oauth_flows f set state = 'returning'
    where f.state_hash = ${sha256(state)} and f.provider = ${provider} and f.state = 'started'
    returning ${COLUMNS}, f.secrets_sealed sealed`);
  if (!row) return null;
  const { sealed, ...flow } = row;
  return { ...flow, ...(JSON.parse(deps.keys.open(sealed, context(flow.id))) as Secrets) };
}

/** Puts the provider's word aside until somebody shows the returned code. */
export async function keepProfile(
  q: Queryable,
  deps: Pick<Deps, "keys" | "random">,
  flow: Pick<Flow, "id">,
  profile: ProviderProfile,
  now: Date,
): Promise<string> {
  const code = deps.random.bytes(32).toString("base64url");
  await q.execute(sql`
    update oauth_flows set state = 'returned', code_hash = ${sha256(code)}, expires_at = ${addSeconds(now, CODE_SECONDS)},
      profile_sealed = ${deps.keys.seal(JSON.stringify(profile), context(flow.id))}
    where id = ${flow.id} and state = 'returning'`);
  return code;
}

export async function endFlow(q: Queryable, flowId: string, as: "exchanged" | "failed"): Promise<void> {
  await q.execute(sql`update oauth_flows set state = ${as}, profile_sealed = null where id = ${flowId}`);
}

/** The flow behind a code that nobody exchanged yet, locked; whatever its age. */
export async function lockReturnedFlow(
  tx: Tx,
  deps: Pick<Deps, "keys">,
  { tenantId, paywallId, code }: { tenantId: string; paywallId: string | null; code: string },
): Promise<(Flow & { profile: ProviderProfile }) | null> {
  const row = await tx.maybeOne<Flow & { sealed: string }>(sql`
    select ${COLUMNS}, f.profile_sealed sealed from oauth_flows f
    where f.tenant_id = ${tenantId} and f.paywall_id is not distinct from ${paywallId} and f.code_hash = ${sha256(code)}
      and f.state = 'returned' for update`);
  if (!row) return null;
  const { sealed, ...flow } = row;
  return { ...flow, profile: JSON.parse(deps.keys.open(sealed, context(flow.id))) as ProviderProfile };
}
