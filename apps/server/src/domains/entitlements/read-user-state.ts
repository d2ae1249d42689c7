import type { PaywallUser, PurchaseStatus } from "@tollgate/protocol/paywall-api/index";
import type { Queryable } from "../../platform/database/index.ts";
import { readState, type UserState } from "./purchases.ts";

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The 3.x wire's `PaywallUser`. Keys are always written in this order: clients compare JSON text. */
export const toPaywallUser = (state: UserState): PaywallUser => ({
  has_active_subscription: state.hasAccess,
  purchases: state.purchases.map((it) => ({
    id: it.id,
    status: it.status as PurchaseStatus,
    current_period_end: iso(it.periodEndAt),
    cancel_at_period_end: it.cancelAtPeriodEnd,
  })),
  trial: state.trial && { started_at: iso(state.trial.startedAt), expires_at: iso(state.trial.expiresAt) },
  had_previous_trial: state.hadPreviousTrial,
});

/** What a paywall may know of a customer: bootstrap, user-state and GET user all ask this. */
export const readUserState = async (
  q: Queryable,
  input: Parameters<typeof readState>[1],
): Promise<PaywallUser> => toPaywallUser(await readState(q, input));
