import { PaywallUI } from "@tollgate/sdk";

// Where the paywall lives. Your own app would simply write these two values down.
const config: { apiOrigin: string; paywallId: string } = await (await fetch("./config.json")).json();

export const paywall = new PaywallUI({ ...config, auth: true });

/** Runs `feature` for whoever may use it, and offers the plans to whoever may not yet. */
export async function withPro(feature: () => void): Promise<void> {
  const { access } = await paywall.getAccess();
  if (access === "granted") return feature();
  // Bought in the modal: carry on with what was asked for. Left without buying: forget it.
  const waiting = [paywall.on("purchase_completed", feature), paywall.on("close", () => forget())];
  const forget = () => {
    for (const off of waiting) off();
  };
  paywall.open();
}
