import type { PaywallPurchaseDetailed } from "@tollgate/sdk/core";
import { auth, billing } from "./clients.ts";
import { $, announce, explain, make, onSubmit } from "./dom.ts";
import { money } from "./prices.ts";
import { signIn } from "./sign-in.ts";

const date = (iso: string): string => new Date(iso).toLocaleDateString(undefined, { dateStyle: "long" });

/** Shows what somebody has bought, as soon as they are signed in and whenever it changes. */
export function showAccount(): void {
  const problem = $("#account-problem");

  auth.onAuthChange((_event, session) => {
    const email = session?.user.email;
    $("#who").textContent = $("#account-email").textContent = email ?? "";
    $("#sign-in").hidden = $("#account-guest").hidden = !!email;
    $("#sign-out").hidden = $("#account-member").hidden = !email;
    if (!email) $("#purchases").replaceChildren();
  });
  billing.onUserChange(() => void load());

  for (const button of ["#sign-in", "#account-sign-in"])
    $(button).addEventListener("click", () => void signIn());
  $("#sign-out").addEventListener("click", () => void auth.signOut());
  $("#portal").addEventListener("click", async () => {
    try {
      const { url } = await billing.getCustomerPortalUrl({ returnUrl: location.href });
      location.assign(url);
    } catch (error) {
      announce(explain(error), "bad");
    }
  });

  async function load(): Promise<void> {
    await auth.ready();
    if (!auth.getCachedSession()) return;
    try {
      const purchases = await billing.listPurchases();
      problem.hidden = true;
      $("#portal").hidden = purchases.length === 0;
      $("#purchases").replaceChildren(
        ...(purchases.length
          ? purchases.map(purchaseItem)
          : [make("li", { className: "soft" }, "Nothing bought yet.")]),
      );
    } catch (error) {
      problem.textContent = explain(error);
      problem.hidden = false;
    }
  }

  onSubmit($<HTMLFormElement>("#cancel-form"), async ({ reason }) => {
    const { id } = cancelling!;
    await billing.cancelSubscription({ subscriptionId: id, reason: reason! });
    $<HTMLDialogElement>("#cancel-dialog").close();
    announce("Your subscription will not renew.");
    await Promise.all([load(), billing.getUser({ force: true })]);
  });
  $("#keep").addEventListener("click", () => $<HTMLDialogElement>("#cancel-dialog").close());
}

function purchaseItem(purchase: PaywallPurchaseDetailed): HTMLElement {
  const { status, interval, cancel_at_period_end: ending, current_period_end: end } = purchase;
  const isSubscription = interval !== null && interval !== "lifetime";
  const isRunning = ["active", "trialing", "past_due"].includes(status ?? "");
  // Hundredths in every currency, unlike the amounts of prices.
  const amount = money(purchase.unit_amount / 100, purchase.currency);
  const until = !end || !isSubscription ? "" : ending ? `, ends ${date(end)}` : `, renews ${date(end)}`;
  return make(
    "li",
    {},
    make(
      "div",
      {},
      make("b", {}, isSubscription ? `${amount} per ${interval}` : `${amount}, once`),
      make("p", { className: "soft" }, `Since ${date(purchase.created)}${isRunning ? until : ""}`),
    ),
    make("span", { className: "status" }, ending && isRunning ? "cancelled" : (status ?? "")),
    isSubscription &&
      isRunning &&
      !ending &&
      make("button", { type: "button", className: "link", onclick: () => askToCancel(purchase) }, "Cancel"),
  );
}

let cancelling: PaywallPurchaseDetailed | undefined;

function askToCancel(purchase: PaywallPurchaseDetailed): void {
  cancelling = purchase;
  const end = purchase.current_period_end;
  $("#cancel-until").textContent = end ? `You keep Pro until ${date(end)}, and nothing more is charged.` : "";
  $<HTMLDialogElement>("#cancel-dialog").showModal();
}
