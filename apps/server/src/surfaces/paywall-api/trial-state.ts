import { HEADERS } from "@tollgate/protocol/paywall-api/headers";
import { visitorId } from "@tollgate/protocol/paywall-api/scalars";
import {
  recordTrialRequest,
  type TrialState as WireTrialState,
} from "@tollgate/protocol/paywall-api/trial-state";
import { type Context, Hono } from "hono";
import {
  readTrialUse,
  recordTrialBlock,
  type TrialSubjects,
  type TrialTerms,
  type TrialUse,
  takeNewDevice,
  trialStateOf,
} from "../../domains/growth/index.ts";
import { readJsonObject } from "../../http/body.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { bearerOf, type PaywallEnv } from "./context.ts";
import { readWith, refuse } from "./refuse.ts";

/**
 * The trial that the server counts: paywall API §4.11, which only reserves the address. GET looks, POST records
 * one held-back open. Whose trial it is says the session, or the device in `X-Visitor-Id`, or both, and then the
 * larger use of the two counts. A paywall whose trial is not kept here answers 404, as one without this
 * endpoint would, and its clients count on the device.
 */
export function trialStateRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .get("/trial-state", async (c) => {
      const terms = termsOf(c);
      const use = await readTrialUse(deps.db, await subjectsOf(deps, c));
      return c.json(render(terms, use, c.get("now")));
    })
    .post("/trial-state", async (c) => {
      const terms = termsOf(c);
      const subjects = await subjectsOf(deps, c);
      const { id, used, elapsed_ms: elapsedMs } = readWith(recordTrialRequest, await readJsonObject(c));
      const now = c.get("now");
      const own: TrialUse = {
        used: used ?? 0,
        startedAt: elapsedMs === undefined ? null : new Date(now.getTime() - elapsedMs),
      };
      const place = { clientAddress: c.get("clientAddress"), now };
      const retryAfterSeconds = await takeNewDevice(deps.db, deps, subjects, place);
      if (retryAfterSeconds > 0) {
        // The customer's own count needs no device.
        if (subjects.customerId) subjects.visitorId = null;
        else
          throw new AppError("rate_limited", 429, "Too many new devices from this address.", {
            retryAfterSeconds,
          });
      }
      const input = { ...subjects, terms, blockId: id.toWellFormed(), own, now };
      const use = await deps.db.transaction((tx) => recordTrialBlock(tx, input));
      return c.json(render(terms, use, now));
    });
}

function termsOf(c: Context<PaywallEnv>): TrialTerms {
  const { trial } = c.get("paywall").settings;
  if (trial?.storage !== "server") throw refuse("not_found");
  return trial;
}

async function subjectsOf(deps: Deps, c: Context<PaywallEnv>): Promise<TrialSubjects> {
  const customerId = (await bearerOf(deps, c))?.customer.id ?? null;
  // A device id of the wrong shape is no device: the same rule as at sign-in.
  const device = visitorId.safeParse(c.req.header(HEADERS.visitorId)).data?.toWellFormed() ?? null;
  if (!customerId && !device) throw new AppError("identity_required", 400, "Sign in, or send X-Visitor-Id.");
  return { tenantId: c.get("tenant").id, paywallId: c.get("paywall").id, customerId, visitorId: device };
}

function render(terms: TrialTerms, use: TrialUse, now: Date): WireTrialState {
  const state = trialStateOf(terms, use, now);
  if (state.mode === "opens") return state;
  const { mode, blocked, startedAt, elapsedMs, totalMs } = state;
  return {
    mode,
    blocked,
    started_at: startedAt?.toISOString() ?? null,
    elapsed_ms: elapsedMs,
    total_ms: totalMs,
  };
}
