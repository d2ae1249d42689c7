import { type Context, Hono } from "hono";
import {
  findCustomerByEmail,
  resolveAccessToken,
  resolveHybridIdentity,
} from "../../domains/identity/index.ts";
import { tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { networkOf } from "../../platform/geo/index.ts";
import { authorizationRequired, BEARER, bearerOf, type PaywallEnv } from "./context.ts";
import type { SignalListener, SignalStreams } from "./purchase-signal-streams.ts";

/** No e-mail and no signed form of one is longer. */
const MAX_LENGTH = 4096;

/**
 * Tells who waits for a payment that their state has changed, so that they ask for it at once instead of at
 * the next look. It says only "changed", and only to whom `user-state` would answer at that moment.
 */
export function purchaseSignalRoutes(deps: Deps, streams: SignalStreams): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>().get("/purchase-signal", async (c) => {
    const listener = await listenerOf(deps, c);
    // Listening begins before the answer does: what changes after the headers arrived is never missed.
    const body = streams.open(listener);
    if (!body) {
      throw new AppError("rate_limited", 429, "Too many open signals. Please poll instead.", {
        retryAfterSeconds: 60,
      });
    }
    return c.body(body, 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      // Asks buffering proxies to pass each line on.
      "x-accel-buffering": "no",
    });
  });
}

async function listenerOf(deps: Deps, c: Context<PaywallEnv>): Promise<SignalListener> {
  const tenant = c.get("tenant");
  const address = c.get("clientAddress");
  const outgoing = c.env?.outgoing;
  const cut = () => void outgoing?.destroy();
  const signedIn = await bearerOf(deps, c);
  if (signedIn) {
    const token = BEARER.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    const { id } = signedIn.customer;
    const readableCustomer = async () =>
      (await resolveAccessToken(deps, tenant.id, token))?.customer.id ?? null;
    return { callerKey: id, address, customerId: id, readableCustomer, cut };
  }
  const headerValue = c.req.header("x-user-email")?.trim();
  if (!headerValue || headerValue.length > MAX_LENGTH) throw authorizationRequired();
  const readableCustomer = async () => {
    const input = { tenant, headerValue, clientAddress: address, now: tenantNow(deps.clock, tenant) };
    return (await resolveHybridIdentity(deps.db, deps, input))?.id ?? null;
  };
  // A guest's address is trusted from the payment on that is waited for here.
  const mayBecomeReadable = tenant.hybridTrust === "recent" && headerValue.includes("@");
  const customerId =
    (await readableCustomer()) ??
    (mayBecomeReadable ? ((await findCustomerByEmail(deps.db, tenant.id, headerValue))?.id ?? null) : null);
  return { callerKey: `${networkOf(address)} ${headerValue}`, address, customerId, readableCustomer, cut };
}
