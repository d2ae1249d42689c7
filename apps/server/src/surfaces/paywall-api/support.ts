import { type SupportTicketResponse, supportTicketRequest } from "@tollgate/protocol/paywall-api/support";
import { type Context, Hono } from "hono";
import { findCustomerByEmail } from "../../domains/identity/index.ts";
import { openTicket } from "../../domains/support/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { takeLimit } from "../../platform/limits.ts";
import { callerOf, type PaywallEnv } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";
import { withTicketBody } from "./support-body.ts";

// Addresses of guests are free to invent, so the two per person need a companion.
const PER_ADDRESS_AND_HOUR = 60;

/** Tickets: paywall API §4.7. */
export function supportRoutes(deps: Deps): Hono<PaywallEnv> {
  async function limitGuests(c: Context<PaywallEnv>): Promise<void> {
    // The table of counters holds no address in the clear.
    const network = deps.keys.pseudonym(`tickets:${networkOf(c.get("clientAddress"))}`).toString("base64url");
    const key = `tickets:${c.get("tenant").id}:${network}`;
    const limit = { key, max: PER_ADDRESS_AND_HOUR, windowSeconds: 3600 };
    const verdict = await takeLimit(deps.db, limit, c.get("now"));
    if (!verdict.allowed) {
      const { code, status, message } = refuse("rate_limit_exceeded");
      throw new AppError(code, status, message, { retryAfterSeconds: verdict.retryAfterSeconds });
    }
  }

  return new Hono<PaywallEnv>().post("/support/ticket", async (c) => {
    const caller = await callerOf(deps, c);
    const tenant = c.get("tenant");
    const now = c.get("now");
    const response = await withTicketBody(c, async ({ fields, files }): Promise<SupportTicketResponse> => {
      const signedIn = caller.kind === "customer" && caller.customer.email !== null ? caller.customer : null;
      // The address of whoever is signed in replaces what was typed, however wrong that was.
      const {
        subject,
        content,
        customer_email: email,
      } = readWith(supportTicketRequest, signedIn ? { ...fields, customer_email: signedIn.email } : fields);
      if (!email) throw refuse("email_required");
      if (!signedIn && caller.kind !== "merchant") await limitGuests(c);
      // A merchant's key vouches for the address it names; a guest's word does not.
      const customer =
        signedIn ??
        (caller.kind === "merchant" ? await findCustomerByEmail(deps.db, tenant.id, email) : null);
      const ticket = await openTicket(deps, {
        tenant,
        paywall: c.get("paywall"),
        customerId: customer?.id ?? null,
        email,
        subject: subject.toWellFormed(),
        content: content.toWellFormed(),
        files,
        now,
      });
      return { ticket: { id: ticket.num, status: ticket.state } };
    });
    return c.json(response);
  });
}
