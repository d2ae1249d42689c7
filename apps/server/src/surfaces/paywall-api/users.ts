import {
  emptyUser,
  type PurchaseDetailed,
  type PurchaseStatus,
  type UserProfile,
  type UserResponse,
  userQuery,
} from "@tollgate/protocol/paywall-api/index";
import { type Context, Hono } from "hono";
import { type Purchase, readState, readUserState } from "../../domains/entitlements/index.ts";
import {
  type Customer,
  findCustomerByWireIdentity,
  findPaywallLink,
  resolveHybridIdentity,
} from "../../domains/identity/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { canonicalAddress, placesInclude, tierOf } from "../../platform/geo/index.ts";
import { toWireMinor } from "../../platform/money.ts";
import { bearerOf, callerOf, type PaywallEnv } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";
import { balancesOn } from "./wire-balances.ts";

/** Who has access: paywall API §4.1 and §4.3. */
export function userRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .get("/user-state", async (c) => {
      const customer = await callerByEmailOrBearer(deps, c);
      return c.json(customer ? await readUserState(deps.db, stateInput(c, customer)) : emptyUser());
    })
    .get("/user", async (c) => {
      const caller = await callerOf(deps, c);
      const place = placeOf(deps, c);
      // Both spellings are documented: the slug for clients, the word for merchants who compare `error`.
      if (caller.kind === "none") {
        const message = "Sign in or send an API key.";
        return c.json({ ...place, error: "Unauthorized", code: "authorization_required", message }, 401);
      }
      const customer = caller.kind === "customer" ? caller.customer : await customerOfKeyCall(deps, c);
      const [state, link] = await Promise.all([
        readState(deps.db, stateInput(c, customer)),
        findPaywallLink(deps.db, c.get("paywall").id, customer.id),
      ]);
      if (caller.kind === "merchant" && !link && state.purchases.length === 0) {
        throw refuse("identity_not_on_paywall");
      }
      const response: UserResponse = {
        ...(caller.kind === "customer" ? { user: toProfile(customer) } : {}),
        tier: place.tier,
        country: place.country,
        countryMatch: place.countryMatch,
        balances: (await balancesOn(deps, c.var, customer.id)) ?? [],
        purchases: state.purchases.map(toDetailed),
        paid: state.hasAccess,
        trial: state.trial && {
          startedAt: state.trial.startedAt.toISOString(),
          expiresAt: state.trial.expiresAt.toISOString(),
        },
        meta: link && Object.keys(link.userMeta).length > 0 ? link.userMeta : null,
      };
      return c.json(response);
    });
}

/** Bearer if one was sent, else the e-mail header as far as the tenant trusts it. */
async function callerByEmailOrBearer(deps: Deps, c: Context<PaywallEnv>): Promise<Customer | null> {
  const signedIn = await bearerOf(deps, c);
  if (signedIn) return signedIn.customer;
  return resolveHybridIdentity(deps.db, deps, {
    tenant: c.get("tenant"),
    headerValue: c.req.header("x-user-email"),
    clientAddress: c.get("clientAddress"),
    now: c.get("now"),
  });
}

function stateInput(c: Context<PaywallEnv>, customer: Customer): Parameters<typeof readState>[1] {
  const { tenantId, defaultProductId: productId, paymentMode: mode, id: paywallId } = c.get("paywall");
  return { tenantId, mode, paywallId, productId, customerId: customer.id, now: c.get("now") };
}

async function customerOfKeyCall(deps: Deps, c: Context<PaywallEnv>): Promise<Customer> {
  const query = readWith(userQuery, { email: c.req.query("email"), user_id: c.req.query("user_id") });
  if (!query.email && !query.user_id) throw refuse("identity_required");
  const identity = { email: query.email ?? null, userId: query.user_id ?? null };
  const customer = await findCustomerByWireIdentity(deps.db, c.get("tenant").id, identity);
  if (!customer) throw refuse("identity_not_found");
  return customer;
}

/** Where the person is: a back end that forwards their request names their address. */
function placeOf(deps: Deps, c: Context<PaywallEnv>) {
  const given = canonicalAddress(c.req.header("x-client-ip")?.trim() ?? "");
  const country = given ? deps.countries.countryOf(given) : c.get("country");
  const tier = country ? tierOf(country, c.get("tenant").tiers) : null;
  const countries = c.get("paywall").settings.countries ?? [];
  const countryMatch = placesInclude(countries, country, c.get("tenant").tiers);
  return { tier, country, countryMatch };
}

const toProfile = (customer: Customer): UserProfile => ({
  id: customer.uuid,
  email: customer.email,
  name: customer.name,
  avatar: customer.picture,
  created_at: customer.createdAt.toISOString(),
});

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const toDetailed = (it: Purchase): PurchaseDetailed => ({
  id: it.id,
  status: it.status as PurchaseStatus,
  created: it.createdAt.toISOString(),
  current_period_start: iso(it.periodStartAt),
  current_period_end: iso(it.periodEndAt),
  cancel_at: iso(it.cancelAt),
  cancel_at_period_end: it.cancelAtPeriodEnd,
  canceled_at: iso(it.canceledAt),
  ended_at: iso(it.endedAt),
  unit_amount: toWireMinor(it.amountMinor, it.currency),
  currency: it.currency,
  interval: it.interval,
  ...(it.percentBp ? { discount: it.percentBp / 100 } : {}),
});
