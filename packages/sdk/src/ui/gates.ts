import type {
  BillingClient,
  PaywallBootstrap,
  PaywallUser,
  TrialStatus,
  TrialStore,
  VisibilityStatus,
} from "../core/index.ts";
import type { Analytics } from "./analytics.ts";
import type { Events } from "./events.ts";
import type { OpenOptions } from "./types.ts";

export const isActive = (user: PaywallUser | null | undefined): boolean => !!user?.has_active_subscription;

/** What to report instead of showing the plans; null lets pass. */
export type Verdict = (() => void) | null;

export interface Gates {
  /** Purchase, then visibility, then trial. Counts a held-back open; without a trial it answers at once. */
  check(bootstrap: PaywallBootstrap, opts: OpenOptions): Verdict | Promise<Verdict>;
  /** Reports a purchase that was found instead of made, once per instance. */
  restoredOnce(): void;
  /** The targeting's answer, noted for `getVisibility`. */
  visibilityOf(bootstrap: PaywallBootstrap): VisibilityStatus | null;
  /** Looks at the trial without using it up; null where there is none or it cannot be read. */
  peekTrial(bootstrap: PaywallBootstrap): Promise<TrialStatus | null>;
  trialStatus(): TrialStatus | null;
  visibility(): VisibilityStatus | null;
  resetTrial(): Promise<void>;
}

/** What stands between a person and the plans, in order. */
export function createGates(billing: BillingClient, events: Events, analytics: Analytics): Gates {
  let restoredReported = false;
  let expiredReported = false;
  let store: TrialStore | null = null;
  let storeConfig = "";
  let trial: TrialStatus | null = null;
  let visibility: VisibilityStatus | null = null;

  const restoredOnce = () => {
    if (restoredReported) return;
    restoredReported = true;
    events.emit("purchase_completed", { priceId: null, sessionId: null, restored: true });
  };

  const trialOf = ({ settings }: PaywallBootstrap): TrialStore | null => {
    const config = settings.trial;
    if (!config) return null;
    // A preview may change it while it is showing.
    const same = storeConfig === JSON.stringify(config);
    storeConfig = JSON.stringify(config);
    if (same && store) return store;
    store = billing.createTrialStore(config);
    return store;
  };

  const visibilityOf = ({ settings }: PaywallBootstrap) => {
    visibility = settings.visibility ?? null;
    return visibility;
  };

  const checkTrial = async (store: TrialStore): Promise<Verdict> => {
    try {
      trial = await store.check();
      if (trial.blocked) {
        const status = await store.recordBlock();
        trial = status;
        return () => {
          analytics.trialBlocked(status);
          events.emit("trial_blocked", status);
        };
      }
      if (!expiredReported) {
        expiredReported = true;
        analytics.track("trial_expired");
        events.emit("trial_expired");
      }
    } catch (error) {
      // A trial that cannot be counted must not cost a sale.
      console.warn("[tollgate] the free trial could not be read", error);
    }
    return null;
  };

  return {
    restoredOnce,
    visibilityOf,
    check(bootstrap, { renew, skipVisibility, skipTrial }) {
      if (!renew && isActive(bootstrap.user)) return restoredOnce;
      const seen = visibilityOf(bootstrap);
      if (seen?.visible === false && !skipVisibility)
        return () => {
          const { reason, country, tier } = seen;
          analytics.track("visibility_blocked", { reason, country, tier });
          events.emit("visibility_blocked", seen);
        };
      const counted = skipTrial ? null : trialOf(bootstrap);
      return counted && checkTrial(counted);
    },
    async peekTrial(bootstrap) {
      try {
        const status = await trialOf(bootstrap)?.check();
        if (status) trial = status;
        return status ?? null;
      } catch {
        return null;
      }
    },
    trialStatus: () => trial,
    visibility: () => visibility,
    async resetTrial() {
      const bootstrap = billing.getCachedBootstrap();
      await (bootstrap && trialOf(bootstrap))?.reset();
      trial = null;
      expiredReported = false;
    },
  };
}
