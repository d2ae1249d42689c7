import { findLiveOffer, type PaywallError, type PaywallPrice, takeCheckoutReturn } from "@tollgate/sdk/core";
import { billing } from "./clients.ts";
import { announce, explain } from "./dom.ts";
import { signIn } from "./sign-in.ts";

const PATIENCE_MS = 30_000;

/** Signs the buyer in if needed and goes to the payment page; this page is where they come back to. */
export async function buy(price: PaywallPrice): Promise<void> {
  if (!(await signIn("So that your purchase finds you again, on every device."))) return;
  announce("Opening the payment page …", "busy");
  const here = `${location.origin}${location.pathname}`;
  try {
    const offers = billing.getCachedOffers();
    const { url } = await billing.createCheckout({
      priceId: price.id,
      // The server checks it again; it cannot see when a countdown began.
      offerId: findLiveOffer(offers, price.id)?.offer.id,
      successUrl: here,
      errorUrl: here,
    });
    location.assign(url);
  } catch (error) {
    if ((error as PaywallError).code === "already_purchased") {
      await billing.getUser({ force: true }).catch(() => {});
      return announce("Welcome back: you have Pro already.");
    }
    announce(explain(error), "bad");
  }
}

/**
 * Runs once on load: did they come back from paying? The address only tells a story; whether it is true, the
 * server knows.
 */
export async function welcomeBack(): Promise<void> {
  const story = takeCheckoutReturn();
  if (!story) return;
  if (story.status !== "paid")
    return announce("Nothing was charged. Choose a plan whenever you like.", "bad");
  announce("Thank you! Confirming your payment …", "busy");
  announce(
    (await isActiveSoon())
      ? "Thank you! Pro is yours."
      : "Thank you! Your bank is taking a little longer. Pro appears here as soon as it is confirmed.",
  );
}

/** Asks until the purchase has arrived. */
async function isActiveSoon(): Promise<boolean> {
  const end = Date.now() + PATIENCE_MS;
  do {
    const user = await billing.getUser({ force: true }).catch(() => null);
    if (user?.has_active_subscription) return true;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  } while (Date.now() < end);
  return false;
}
