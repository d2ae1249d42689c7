import { type Context, Hono } from "hono";
import { z } from "zod";
import { countedTypes, foldDebit, setTestBalance } from "../../domains/credits/index.ts";
import { findPaywall } from "../../domains/paywalls/index.ts";
import { resolveApiKey, tenantNow } from "../../domains/tenants/index.ts";
import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { customerOn, VISIBLE_KEY } from "./balances.ts";
import type { PaywallEnv } from "./context.ts";
import { balancesOn } from "./wire-balances.ts";

const MAX_TOKENS = 1_000_000_000;
const ref = z.union([z.number().int().positive(), z.string().trim().min(1).max(40)]);
const tokens = z.number().int().max(MAX_TOKENS);

type Ended = { status: 200 | 400 | 401 | 403 | 404; body: Record<string, unknown> };
/** Old callers compare sentences, which newer ones find under `message`. */
const failed = (status: Ended["status"], code: string, sentence: string, more: object = {}): Ended => ({
  status,
  body: { error: sentence, code, message: sentence, ...more },
});

/** Endpoints of the second version of the wire that are still called: paywall API §13. */
export function legacyBalanceRoutes(deps: Deps): Hono<PaywallEnv> {
  const answer = (handle: (c: Context<PaywallEnv>) => Promise<Ended>) => async (c: Context<PaywallEnv>) => {
    c.header("cache-control", "no-store");
    const { status, body } = await handle(c);
    return c.json(body, status);
  };
  /** Sets the paywall that the body names, unless there is none. */
  const setNamed = async (c: Context<PaywallEnv>, named: unknown): Promise<boolean> => {
    const parsed = ref.safeParse(named);
    const found = parsed.success ? await findPaywall(deps.db, parsed.data) : null;
    if (!found) return false;
    c.set("paywall", found.paywall);
    c.set("tenant", found.tenant);
    c.set("now", tenantNow(deps.clock, found.tenant));
    return true;
  };

  return new Hono<PaywallEnv>()
    .post(
      "/withdraw-tokens",
      answer(async (c) => {
        const secret = c.req.header("x-api-key");
        if (!secret) return failed(401, "api_key_required", "API key is required");
        const key = await resolveApiKey(deps.db, secret, deps.clock.now());
        if (key?.kind !== "secret") return failed(401, "invalid_api_key", "Invalid API key");
        if (!key.active) return failed(403, "api_key_inactive", "API key is inactive");
        if (key.scopes.length > 0) return failed(403, "api_key_scope", "This API key may not do that");
        const idempotencyKey = c.req.header("idempotency-key");
        if (idempotencyKey !== undefined && !VISIBLE_KEY.test(idempotencyKey)) {
          return failed(
            400,
            "invalid_idempotency_key",
            "Idempotency-Key must be 1 to 255 visible characters",
          );
        }
        const body = await readJsonObject(c);
        const userId = z.string().trim().min(1).max(200).safeParse(body.user_id).data;
        if (userId === undefined) return failed(400, "identity_required", "User ID is required");
        const amount = tokens.positive().safeParse(body.tokens).data;
        if (amount === undefined) {
          return failed(400, "invalid_amount", "Tokens must be a positive whole number");
        }
        if (!(await setNamed(c, body.paywall_id))) return failed(404, "not_found", "Paywall not found");
        const { paywall } = c.var;
        if (paywall.tenantId !== key.tenantId) {
          return failed(403, "api_key_owner_mismatch", "Unauthorized. You are not the owner of this paywall");
        }
        const type = z.string().trim().min(1).max(40).default("standard").safeParse(body.token_type).data;
        const customer = await customerOn(deps, c, { userId });
        const balances = customer && (await balancesOn(deps, c.var, customer.id));
        if (!customer || !balances) {
          return failed(404, "identity_not_found", "No balance found for this user and paywall");
        }
        if (type === undefined || !balances.some((it) => it.type === type)) {
          const named = String(body.token_type).slice(0, 40);
          return failed(400, "unknown_type", `Token type ${named} not found in user balance`);
        }
        const { tenantId, id: paywallId, paymentMode: mode } = paywall;
        const account = { tenantId, customerId: customer.id, paywallId, mode, type };
        const debited = await foldDebit(deps, account, {
          amount,
          key: idempotencyKey === undefined ? null : `withdraw:${paywallId}:${idempotencyKey}`,
          actor: key.id,
          now: c.var.now,
        });
        if ("insufficient" in debited) {
          const { available } = debited;
          return failed(400, "insufficient", "Insufficient tokens", { available, requested: amount });
        }
        return { status: 200, body: { success: true, remaining: debited.available } };
      }),
    )
    .post(
      "/test/withdraw-balances",
      answer(async (c) => {
        const body = await readJsonObject(c);
        const userId = z.string().trim().min(1).max(200).safeParse(body.user_id).data;
        if (userId === undefined) return failed(400, "identity_required", "User ID is required");
        const count = tokens.min(0).default(0).safeParse(body.tokens).data;
        if (count === undefined) return failed(400, "invalid_amount", "Tokens must be a whole number");
        if (!(await setNamed(c, body.paywall_id))) return failed(404, "not_found", "Paywall not found");
        const { paywall } = c.var;
        // Nobody has to prove anything here, so nothing that is worth money may be here.
        if (paywall.paymentMode !== "test") {
          return failed(403, "forbidden", "Only paywalls on test processors can do this");
        }
        const customer = await customerOn(deps, c, { userId });
        const types = countedTypes(paywall.settings.tokenization);
        if (!customer || types.length === 0) {
          return failed(404, "identity_not_found", "No balance found for this user and paywall");
        }
        const { tenantId, id: paywallId } = paywall;
        await balancesOn(deps, c.var, customer.id);
        await deps.db.transaction(async (tx) => {
          for (const { type } of types) {
            const account = { tenantId, customerId: customer.id, paywallId, mode: "test" as const, type };
            await setTestBalance(tx, deps, account, { count, now: c.var.now });
          }
        });
        const balances = (await balancesOn(deps, c.var, customer.id)) ?? [];
        return { status: 200, body: { success: true, balances } };
      }),
    );
}
