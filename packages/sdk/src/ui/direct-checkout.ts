import { toPaywallError } from "../core/errors.ts";
import type { BillingClient } from "../core/index.ts";
import { type Gates, isActive } from "./gates.ts";
import { patiently } from "./patience.ts";
import type { PurchaseFlow } from "./purchase-flow.ts";
import type { StateStore } from "./state.ts";
import type { OpenOptions } from "./types.ts";

interface DirectCheckoutContext {
  billing: BillingClient;
  store: StateStore;
  gates: Gates;
  flow: PurchaseFlow;
}

/** Buys one price without showing the plans: nothing is on screen until there is something to do. */
export function createDirectCheckout({ billing, store, gates, flow }: DirectCheckoutContext) {
  let run = 0;

  const end = (report?: () => void) => {
    if (store.get().processing) store.set({ processing: false });
    report?.();
  };

  return (priceId: string, opts: OpenOptions): void => {
    const { identity, renew = false } = opts;
    if (identity) billing.setIdentity(identity);
    // A second click while the first one is being carried out.
    if (store.get().busy) return;
    const restored = () => flow.restored(priceId);
    if (!renew && isActive(billing.getCachedUser())) {
      end(restored);
      return;
    }
    const mine = ++run;
    const wasOpen = store.get().open;
    /** Neither closed nor overtaken by another opening or checkout. */
    const isCurrent = () => mine === run && (wasOpen ? store.get().open : store.get().processing);
    store.set({ processing: !wasOpen, renew });
    const work = async () => {
      const bootstrap = await patiently((signal) => billing.bootstrap({ signal }));
      if (!isCurrent()) return;
      // The subscription comes last here, and its report is not limited to one.
      const report = await gates.check(bootstrap, { ...opts, renew: true });
      if (!isCurrent()) return;
      if (report) end(report);
      else if (!renew && isActive(bootstrap.user)) end(restored);
      else await flow.buy(String(priceId), { headless: true });
    };
    work().catch((error) => {
      if (isCurrent()) end(() => flow.fail(toPaywallError(error)));
    });
  };
}
