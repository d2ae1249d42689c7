import {
  type AdjustBalanceResponse,
  adjustBalanceRequest,
  type BalancesResponse,
} from "@tollgate/protocol/paywall-api/balances";
import { type Context, Hono } from "hono";
import { countedTypes, creditCredits, foldDebit } from "../../domains/credits/index.ts";
import { type Customer, findCustomerByWireIdentity, findPaywallLink } from "../../domains/identity/index.ts";
import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import { apiKeyOf, authorizationRequired, bearerOf, type PaywallEnv } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";
import { balancesOn } from "./wire-balances.ts";

export const VISIBLE_KEY = /^[\x21-\x7e]{1,255}$/;

/** Balances: paywall API §4.8 and §4.9. */
export function balanceRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .get("/balances", async (c) => {
      const caller = await bearerOf(deps, c);
      if (!caller) throw authorizationRequired();
      const balances = await balancesOn(deps, c.var, caller.customer.id);
      return c.json({
        balances: balances ?? [],
        tokenization: balances !== null,
      } satisfies BalancesResponse);
    })
    .post("/balances", async (c) => {
      const key = await apiKeyOf(deps, c);
      // The key decides, whoever else is named; a customer alone may not give themselves anything.
      if (!key) throw refuse(c.req.header("authorization") ? "apikey_required" : "api_key_required");
      const idempotencyKey = c.req.header("idempotency-key");
      if (idempotencyKey !== undefined && !VISIBLE_KEY.test(idempotencyKey)) {
        throw refuse("invalid_idempotency_key");
      }
      const body = readWith(adjustBalanceRequest, await readJsonObject(c));
      if (!body.email && !body.user_id) throw refuse("identity_required");
      const { paywall } = c.var;
      const isKnown = countedTypes(paywall.settings.tokenization).some(({ type }) => type === body.type);
      if (!isKnown) throw refuse("unknown_type");
      const customer = await customerOn(deps, c, { email: body.email, userId: body.user_id });
      if (!customer) throw refuse("identity_not_found");
      // What they may try is there before anything is taken of it.
      await balancesOn(deps, c.var, customer.id);

      const { tenantId, id: paywallId, paymentMode: mode } = paywall;
      const account = { tenantId, customerId: customer.id, paywallId, mode, type: body.type };
      const { now } = c.var;
      const by = {
        amount: body.amount,
        key: idempotencyKey === undefined ? null : `balances:${paywallId}:${idempotencyKey}`,
        actor: key.keyId,
        now,
      };
      let count: number;
      if (body.op === "debit") {
        const debited = await foldDebit(deps, account, by);
        if ("insufficient" in debited) throw refuse("insufficient", { available: debited.available });
        count = debited.available;
      } else {
        count = await deps.db.transaction(async (tx) => {
          const given = await creditCredits(tx, deps, account, { ...by, lot: { kind: "promo" } });
          if (given.replayed) return given.available;
          await recordEvent(tx, deps, {
            type: "balance.credited",
            tenantId,
            mode,
            paywallId,
            customerId: customer.id,
            occurredAt: now,
            data: { type: body.type, amount: body.amount, balance: given.balance },
          });
          return given.available;
        });
      }
      const balances = (await balancesOn(deps, c.var, customer.id)) ?? [];
      return c.json({
        success: true,
        user_id: customer.uuid,
        type: body.type,
        count,
        // What it was at this movement's turn, whatever others did since.
        balances: balances.map((it) => (it.type === body.type ? { ...it, count } : it)),
      } satisfies AdjustBalanceResponse);
    });
}

/** Somebody who has been on the paywall, or null: whoever has not holds nothing there. */
export async function customerOn(
  deps: Deps,
  c: Context<PaywallEnv>,
  named: { email?: string | undefined; userId?: string | undefined },
): Promise<Customer | null> {
  const { paywall } = c.var;
  const identity = { email: named.email ?? null, userId: named.userId ?? null };
  const customer = await findCustomerByWireIdentity(deps.db, paywall.tenantId, identity);
  return customer && (await findPaywallLink(deps.db, paywall.id, customer.id)) ? customer : null;
}
