import type { PaywallUI, PaywallUser } from "@tollgate/sdk";
import { $ } from "./dom.ts";
import { toast } from "./toast.ts";

/** Keeps the header in step with who is signed in and what they have. */
export function showAccount(paywall: PaywallUI): void {
  const menu = $<HTMLDetailsElement>("#account");

  const showPlan = (user: PaywallUser | null) => {
    const pro = !!user?.has_active_subscription;
    document.body.classList.toggle("pro", pro);
    $("#plan").textContent = pro ? "Pro" : "Free";
    $("#upgrade").hidden = pro;
    $("#manage").hidden = !pro;
    $("#lock").hidden = pro;
    $("#export-note").textContent = pro ? "Ready when you are" : "Part of Lumen Pro";
  };

  paywall.onUserChange(showPlan);
  paywall.on("purchase_completed", ({ restored }) =>
    toast(restored ? "Welcome back to Pro" : "Pro is unlocked"),
  );
  paywall.auth?.onAuthChange((_event, session) => {
    const email = session?.user.email;
    $("#sign-in").hidden = !!email;
    menu.hidden = !email;
    menu.open = false;
    $("#email").textContent = email ?? "";
    $("#avatar").textContent = email?.[0]?.toUpperCase() ?? "";
  });

  $("#upgrade").addEventListener("click", () => paywall.open());
  $("#sign-in").addEventListener("click", () => paywall.openSignin());
  $("#sign-out").addEventListener("click", () => paywall.auth?.signOut());
  $("#help").addEventListener("click", () => paywall.openSupport());
  $("#manage").addEventListener("click", async () => {
    try {
      const { url } = await paywall.billing.getCustomerPortalUrl({ returnUrl: location.href });
      location.assign(url);
    } catch {
      toast("The account page cannot be opened right now");
    }
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });

  // So that the first click on a locked feature shows the plans at once.
  void paywall.preload();
  void paywall.billing.getSettledUser().then(showPlan);
}
