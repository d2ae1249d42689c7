import type { BillingClient, PaywallBootstrap } from "../core/index.ts";
import { type Gates, isActive } from "./gates.ts";
import type { GetAccessOptions, PaywallAccessResult } from "./types.ts";

type Facts = Pick<PaywallAccessResult, "user" | "visibility" | "trial">;

const granted = (
  reason: "has_subscription" | "visibility_blocked" | "trial_blocked",
  facts: Facts,
): PaywallAccessResult => ({ access: "granted", reason, ...facts });
const blocked = (facts: Facts): PaywallAccessResult => ({
  access: "blocked",
  reason: "no_subscription",
  ...facts,
});

/** May this person use the feature? Shows nothing, uses nothing up, reports nothing and never rejects. */
export async function readAccess(
  billing: BillingClient,
  gates: Gates,
  { skipTrial, skipVisibility, signal }: GetAccessOptions = {},
): Promise<PaywallAccessResult> {
  let bootstrap: PaywallBootstrap;
  try {
    bootstrap = await billing.bootstrap({ signal });
  } catch {
    // Offline: only somebody known to have paid gets in.
    const user = billing.getCachedUser() ?? (await billing.peekCachedUser().catch(() => null));
    const facts = { user, visibility: null, trial: null };
    return isActive(user) ? granted("has_subscription", facts) : blocked(facts);
  }
  let user = billing.getCachedUser();
  if (!isActive(user) && (billing.auth || billing.getIdentity()))
    user = await billing.getSettledUser({ signal });
  const visibility = gates.visibilityOf(bootstrap);
  const facts: Facts = { user: user ?? bootstrap.user ?? null, visibility, trial: null };
  if (isActive(facts.user)) return granted("has_subscription", facts);
  if (visibility?.visible === false && !skipVisibility) return granted("visibility_blocked", facts);
  const trial = skipTrial ? null : await gates.peekTrial(bootstrap);
  if (trial?.blocked) return granted("trial_blocked", { ...facts, trial });
  return blocked({ ...facts, trial: trial ?? { mode: "none", blocked: false } });
}
