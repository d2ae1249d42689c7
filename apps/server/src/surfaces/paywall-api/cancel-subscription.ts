import {
  type CancelSubscriptionRequest,
  type CancelSubscriptionResponse,
  cancelSubscriptionRequest,
  type PurchaseStatus,
} from "@tollgate/protocol/paywall-api/index";
import { type Context, Hono } from "hono";
import { decodeJwt } from "jose";
import {
  type Contract,
  cancelContract,
  findContract,
  isEnded,
  runIntentNow,
} from "../../domains/billing/index.ts";
import {
  findCustomerByWireIdentity,
  findPaywallLink,
  resolveAccessToken,
} from "../../domains/identity/index.ts";

import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { apiKeyOf, invalidToken, type PaywallEnv, setPaywall } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";

/** Cancelling at period end: paywall API §4.6. The paywall is named in the body, and only a key needs it. */
export function cancelSubscriptionRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().post("/cancel-subscription", async (c) => {
    c.header("cache-control", "no-store");
    const raw = await readJsonObject(c);
    const owner = (await ownerByBearer(deps, c)) ?? (await ownerByKey(deps, c, raw));
    const body = readWith(cancelSubscriptionRequest, raw);
    const contract = await findContract(deps.db, owner.tenantId, body.subscriptionId);
    const isTheirs =
      contract?.customerId === owner.customerId &&
      (!owner.paywallId || contract.paywallId === owner.paywallId);
    if (!isTheirs) throw refuse("subscription_not_found");

    const result = await deps.db.transaction((tx) =>
      cancelContract(tx, deps, {
        tenantId: owner.tenantId,
        contractId: contract.id,
        customerId: owner.customerId,
        atPeriodEnd: true,
        reason: body.cancellationReason.toWellFormed(),
      }),
    );
    if (result.outcome === "not_found") throw refuse("subscription_not_found");
    if (result.outcome === "already_cancelled") throw refuse("already_cancelled");
    await runIntentNow(deps, result.intentId);
    const now = deps.clock.now();
    const after = (await findContract(deps.db, owner.tenantId, contract.id)) ?? contract;
    return c.json(toResponse(after, now));
  });
}

type Owner = { tenantId: string; customerId: string; paywallId?: string };

/** The token says whose tenant it is for; the body's `paywallId` plays no part. */
async function ownerByBearer(deps: Deps, c: Context<PaywallEnv>): Promise<Owner | null> {
  const header = c.req.header("authorization");
  if (header === undefined) return null;
  const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1] ?? "";
  const audience = audienceOf(token);
  const signedIn = audience && (await resolveAccessToken(deps, audience, token));
  if (!signedIn) throw invalidToken();
  const { customer } = signedIn;
  if (customer.anonymous || customer.email === null) throw refuse("Unauthorized");
  return { tenantId: customer.tenantId, customerId: customer.id };
}

/** Read before the signature is checked, so it only chooses what the check compares with. */
function audienceOf(token: string): string | null {
  try {
    const { aud } = decodeJwt(token);
    return typeof aud === "string" ? aud : null;
  } catch {
    return null;
  }
}

async function ownerByKey(deps: Deps, c: Context<PaywallEnv>, raw: Record<string, unknown>): Promise<Owner> {
  if (c.req.header("x-api-key") === undefined) throw refuse("Unauthorized");
  const { paywallId } = raw;
  if ((typeof paywallId !== "string" && typeof paywallId !== "number") || paywallId === "") {
    throw refuse("identity_required");
  }
  await setPaywall(deps, c, paywallId);
  await apiKeyOf(deps, c);
  const identity = identityIn(raw);
  if (!identity) throw refuse("identity_required");
  const tenantId = c.get("tenant").id;
  const paywall = c.get("paywall");
  const customer = await findCustomerByWireIdentity(deps.db, tenantId, identity);
  if (!customer || !(await findPaywallLink(deps.db, paywall.id, customer.id))) {
    throw refuse("identity_not_on_paywall");
  }
  return { tenantId, customerId: customer.id, paywallId: paywall.id };
}

/** Read loosely: what else is wrong with the body is said after the caller is known. */
function identityIn(
  raw: Record<string, unknown>,
): Pick<CancelSubscriptionRequest, "email" | "userId"> | null {
  const text = (value: unknown) => (typeof value === "string" && value.trim() ? value.trim() : undefined);
  const email = text(raw.email);
  const userId = text(raw.userId);
  return email || userId ? { email, userId } : null;
}

/** As it will be once the processor has confirmed, when that takes longer than this answer. */
function toResponse(contract: Contract, now: Date): CancelSubscriptionResponse {
  const settled = isEnded(contract) || contract.cancelAtPeriodEnd;
  const cancelAt = settled ? contract.cancelAt : contract.periodEndAt;
  return {
    success: true,
    message: isEnded(contract)
      ? "Subscription cancelled."
      : "Subscription will be cancelled at the end of the billing period.",
    subscription: {
      id: contract.id,
      status: (contract.state === "expired" ? "canceled" : contract.state) as PurchaseStatus,
      cancel_at_period_end: !isEnded(contract),
      cancel_at: cancelAt?.toISOString() ?? null,
      canceled_at: (contract.canceledAt ?? now).toISOString(),
    },
  };
}
