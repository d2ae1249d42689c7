import type { IncomingMessage } from "node:http";
import type { PaywallUser } from "@tollgate/protocol/paywall-api/user";
import { readStateAtOnce, type StateCaller } from "../../domains/entitlements/index.ts";
import { addressHash, normalizeEmail } from "../../domains/identity/index.ts";
import { findPaywall } from "../../domains/paywalls/index.ts";
import { createClientReader, headerOf, requestIdFrom } from "../../http/context.ts";
import { corsHeaders } from "../../http/cors.ts";
import type { FloodLimit } from "../../http/flood-guard.ts";
import type { Metrics } from "../../http/health.ts";
import type { FastPath } from "../../http/server.ts";
import type { Deps } from "../../platform/deps.ts";
import { BEARER } from "./context.ts";

const ROUTE = "/api/v1/paywall/:id/user-state";
const PATH = /^\/api\/v1\/paywall\/([\w-]{1,64})\/user-state$/;
// No signed form looks like this: those hold a `;` or no `@`.
const PLAIN_EMAIL = /^[^\s@;]{1,64}@[^\s@;]{1,190}$/;
const MAX_KNOWN = 10_000;

/**
 * Answers `user-state` below the framework and from one statement: everybody who waits for a payment polls it.
 * Same bytes and headers as the route, same flood limit, same metrics. Whatever is refused, unusual, or not
 * plainly an e-mail or a Bearer is left to the route.
 */
export function userStateFastPath(deps: Deps, parts: { flood: FloodLimit; metrics: Metrics }): FastPath {
  const readClient = createClientReader(deps);
  const paywallOf = createPaywallMemory(deps);
  const hashOf = createHashMemory(deps);
  const observe = parts.metrics.observer(ROUTE, "GET", 200);

  async function stateFor(
    ref: string,
    request: IncomingMessage,
    address: string,
  ): Promise<PaywallUser | null> {
    const paywall = await paywallOf(ref);
    if (!paywall) return null;
    const caller = await callerOf(deps, request, paywall.tenantId, (tenantId) => hashOf(tenantId, address));
    return (
      caller &&
      readStateAtOnce(deps.db, {
        paywallId: paywall.id,
        tenantId: paywall.tenantId,
        caller,
        realNow: deps.clock.now(),
      })
    );
  }

  return (request, response) => {
    const { method, url = "", headers } = request;
    if (method !== "GET" || (headers.authorization ?? headers["x-user-email"]) === undefined) return false;
    const ref = PATH.exec(url)?.[1];
    if (ref === undefined) return false;

    const start = performance.now();
    const { address } = readClient(request.socket.remoteAddress, (name) => headerOf(request, name));
    // Before anything is asked of the database.
    if (parts.flood.take(address, "GET") > 0) return false;
    const leaveToRoute = () => {
      parts.flood.counted.add(request);
      return false;
    };
    return stateFor(ref, request, address).then(
      (state) => {
        if (!state) return leaveToRoute();
        const body = JSON.stringify(state);
        const requestId = requestIdFrom(headerOf(request, "x-request-id"), deps);
        const length = Buffer.byteLength(body);
        response.writeHead(200, [...HEADERS, "content-length", length, "x-request-id", requestId]);
        response.end(body);
        observe((performance.now() - start) / 1000);
        return true;
      },
      // The route meets the same trouble and knows how to say it.
      leaveToRoute,
    );
  };
}

const HEADERS = Object.entries({
  ...corsHeaders(false),
  "cache-control": "no-store",
  "content-type": "application/json",
}).flat();

/** Which paywall an address names, and whose it is. Neither ever changes, so this needs no news of changes. */
function createPaywallMemory(deps: Pick<Deps, "db">) {
  type Known = { id: string; tenantId: string };
  let known = new Map<string, Known>();
  return async (ref: string): Promise<Known | null> => {
    const remembered = known.get(ref);
    if (remembered) return remembered;
    const found = await findPaywall(deps.db, ref);
    if (!found) return null;
    const { id, tenantId } = found.paywall;
    if (known.size >= MAX_KNOWN) known = new Map();
    known.set(ref, { id, tenantId });
    return { id, tenantId };
  };
}

/** The hashes of addresses that ask again and again; making one costs a tenth of an answer. */
function createHashMemory(deps: Pick<Deps, "keys">) {
  let known = new Map<string, Buffer>();
  return (tenantId: string, address: string): Buffer => {
    const key = `${tenantId} ${address}`;
    let hash = known.get(key);
    if (!hash) {
      hash = addressHash(deps, tenantId, address);
      if (known.size >= MAX_KNOWN) known = new Map();
      known.set(key, hash);
    }
    return hash;
  };
}

/** Bearer if one was sent, else a plain e-mail; null for what only the route can judge. */
async function callerOf(
  deps: Deps,
  { headers }: IncomingMessage,
  tenantId: string,
  hashOf: (tenantId: string) => Buffer,
): Promise<StateCaller | null> {
  if (headers.authorization !== undefined) {
    const token = BEARER.exec(headers.authorization)?.[1];
    if (!token) return null;
    const expected = { issuer: deps.config.baseUrl, now: deps.clock.now() };
    const payload = await deps.keys.verifyToken(token, expected);
    const sessionId = payload?.session_id;
    return payload?.aud === tenantId && typeof sessionId === "string" ? { sessionId } : null;
  }
  const email = String(headers["x-user-email"]).trim();
  if (!PLAIN_EMAIL.test(email)) return null;
  return { email: normalizeEmail(email), addressHash: hashOf(tenantId) };
}
