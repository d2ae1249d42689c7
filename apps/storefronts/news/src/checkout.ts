import { ApiError, api, type Subscription } from "./api.ts";
import { loadConfig } from "./config.ts";
import { cleanAddress, emailOf, forThisTab, isSignedIn } from "./session.ts";

const PENDING = "lantern-checkout";
const RETURNED = "checkout";
/** How long we wait for the news of a payment that the reader came back from. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1_000;
/** And how long a checkout may look unpaid before we believe it. */
const DOUBT_MS = 6_000;

type Pending = { id: string; sku: string; begunAt: string };

/** Starts a checkout and leaves for its page, which leads back here. */
export async function beginCheckout(option: Subscription, paywallId: string): Promise<void> {
  const begunAt = new Date().toISOString();
  const back = new URL(location.href);
  for (const name of ["token", "se"]) back.searchParams.delete(name);
  back.searchParams.set(RETURNED, "done");
  const email = emailOf();
  const checkout = await api.startCheckout({
    items: [{ sku: option.sku, purchaseOptionId: option.poId }],
    redirectUrl: back.href,
    language: "en",
    ...(email && { email }),
    attribution: { source: "PAYWALL", sourceId: paywallId },
  });
  forThisTab.set(PENDING, JSON.stringify({ id: checkout.id, sku: option.sku, begunAt } satisfies Pending));
  location.assign(checkout.checkoutUrl);
}

export type Outcome = "none" | "bought" | "unfinished" | "underway" | "slow";

/** What a reader is told of a checkout that has not opened anything yet. */
export const OUTCOME_WORDS: Partial<Record<Outcome, string>> = {
  unfinished: "The payment was not finished. Nothing was charged.",
  underway: "Your payment is on its way. The whole paper opens as soon as it arrives; do not pay twice.",
  slow: "Your payment is still being confirmed. Reload this page in a minute; do not pay twice.",
};

/**
 * What became of the checkout that this page was left for. An address that leads back proves nothing: only the right that
 * the payment created does, and it may come a moment later than the reader.
 */
export async function finishCheckout(onWait: () => void): Promise<Outcome> {
  const returned = new URL(location.href).searchParams.has(RETURNED);
  const text = forThisTab.get(PENDING);
  cleanAddress(RETURNED, "force-refetch-entitlements", "sesamy-purchase", "sesamy-checkout-id");
  if (!returned || !text) return "none";
  forThisTab.set(PENDING, null);
  const { id, sku } = JSON.parse(text) as Pending;
  const began = Date.now();
  onWait();
  for (;;) {
    try {
      const [rights, checkout] = await Promise.all([api.entitlements(), api.checkout(id).catch(() => null)]);
      if (rights.some((it) => it.sku === sku && it.hasAccess)) return "bought";
      const isOver = Date.now() - began > DOUBT_MS;
      if (isOver && checkout?.status === "PENDING") return "unfinished";
      if (isOver && checkout?.status === "WAITING_PAYMENT_CONFIRMATION") return "underway";
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return "unfinished";
    }
    if (Date.now() - began > PATIENCE_MS) return "slow";
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Whether the reader holds the pass; false for those who have not signed in, and where nobody answers. */
export async function isSubscriber(): Promise<boolean> {
  if (!isSignedIn()) return false;
  const { passSku } = await loadConfig();
  const rights = await api.entitlements().catch(() => []);
  return rights.some((it) => it.sku === passSku && it.hasAccess);
}
