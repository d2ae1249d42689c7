import { AuthClient, BillingClient } from "@tollgate/sdk/core";

// Where the paywall lives. Your own app would simply write these two values down.
const where: { apiOrigin: string; paywallId: string } = await (await fetch("./config.json")).json();

/** Who is here. */
export const auth = new AuthClient(where);

/** What is for sale, and what they have. It speaks for whoever is signed in. */
export const billing = new BillingClient({ ...where, auth });
