import { type BillingClient, EventTracker, type PaywallBootstrap, type TrialStatus } from "../core/index.ts";
import { readItem, writeItem } from "../core/storage.ts";
import type { PaywallUIOptions } from "./types.ts";

const REPORTED_KEPT = 20;

/** What the merchant's statistics learn. The public events are another matter and always fire. */
export interface Analytics {
  track(name: string, props?: Record<string, unknown>): void;
  /** The plans are on screen. While a gate may still take them away the view is held. */
  viewed(bootstrap: PaywallBootstrap, customTitle: boolean, held: boolean): void;
  /** The gates let the held view pass. */
  release(): void;
  /** The gates took it away again. */
  drop(): void;
  closed(): void;
  trialBlocked(status: TrialStatus): void;
  /** Reports a purchase once per session or set of purchases, across reloads and tabs. */
  purchased(priceId: string | null, sessionId: string | null): Promise<void>;
  /** A checkout began here, so the next purchase is certainly a new one. */
  checkoutStarted(props: Record<string, unknown>): void;
  destroy(): void;
}

export function createAnalytics(billing: BillingClient, options: PaywallUIOptions): Analytics {
  const given = typeof options.analytics === "object" ? options.analytics : {};
  const tracker =
    options.analytics === false || given.enabled === false || options.preview
      ? null
      : new EventTracker({
          endpoint: () => `${billing.activeApiOrigin()}/api/v1/paywall/${billing.paywallId}/events`,
          fetch: options.fetch,
          ...given,
          paywallId: billing.paywallId,
          getVisitorId: billing.getVisitorId,
          getCachedVisitorId: billing.getCachedVisitorId,
          getUserId: () => billing.getIdentity()?.userId,
          capabilities: billing.capabilities,
          getExperimentContext: billing.getExperimentAssignment,
        });
  const track = (name: string, props?: Record<string, unknown>) => tracker?.track(name, props);
  const storageKey = `ms_sdk_purchases_reported:${billing.paywallId}`;
  let held: Record<string, unknown> | null = null;
  let viewSent = false;
  let checkoutHere = false;

  const sendView = (props: Record<string, unknown>) => {
    held = null;
    viewSent = true;
    track("paywall_viewed", props);
  };

  return {
    track,
    viewed({ settings, prices, offers }, customTitle, hold) {
      const props = {
        is_test_mode: !!settings.is_test_mode,
        prices_count: prices.length,
        offers_count: offers.length,
        ...(customTitle && { custom_title: true }),
      };
      if (hold) held = props;
      else sendView(props);
    },
    release: () => held && sendView(held),
    drop() {
      held = null;
    },
    closed() {
      if (held) sendView(held);
      if (viewSent) track("paywall_closed");
      viewSent = false;
    },
    trialBlocked(status) {
      if (status.mode === "time")
        track("trial_blocked", {
          mode: status.mode,
          remaining_ms: status.remainingMs,
          total_ms: status.totalMs,
        });
      else if (status.mode === "opens")
        track("trial_blocked", {
          mode: status.mode,
          remaining_actions: status.remainingActions,
          total_actions: status.totalActions,
        });
    },
    checkoutStarted(props) {
      checkoutHere = true;
      track("checkout_started", props);
    },
    async purchased(priceId, sessionId) {
      const fresh = checkoutHere;
      checkoutHere = false;
      const ids = billing.getCachedUser()?.purchases.map(({ id }) => id);
      const key = sessionId ? `s:${sessionId}` : ids?.length ? `p:${ids.sort().join(",")}` : null;
      if (key) {
        const storage = billing.getStorage();
        const reported = parseList(await readItem(storage, storageKey));
        if (!fresh && reported.includes(key)) return;
        const kept = [...reported.filter((other) => other !== key), key].slice(-REPORTED_KEPT);
        await writeItem(storage, storageKey, JSON.stringify(kept));
      }
      track("purchase_completed", { price_id: priceId, session_id: sessionId });
    },
    destroy: () => tracker?.destroy(),
  };
}

function parseList(text: string | null): string[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
