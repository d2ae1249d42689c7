import type { IncomingMessage, ServerResponse } from "node:http";
import { findSealedProvider } from "../../domains/gateway/index.ts";
import { createClientReader, headerOf, requestIdFrom } from "../../http/context.ts";
import { corsHeaders } from "../../http/cors.ts";
import { toRefusal } from "../../http/errors.ts";
import type { FloodLimit } from "../../http/flood-guard.ts";
import type { Metrics } from "../../http/health.ts";
import type { FastPath } from "../../http/server.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { createSafeFetch } from "../../platform/safe-fetch/index.ts";
import { makeCall } from "./call.ts";
import { gatewayCaller } from "./caller.ts";
import { createGatewayLimits } from "./gateway-limits.ts";

const ROUTE = "/api/v1/api-gateway/:providerId/*";
const PREFIX = "/api/v1/api-gateway/";
/** For client libraries of OpenAI's wire: their base address holds the paywall, because they send no query of ours. */
const OPENAI_PREFIX = "/api/v1/openai/";

type Address = {
  paywallRef: string | undefined;
  providerRef: string;
  rest: string;
  search: string;
  /** Refusals in the words of OpenAI's wire, which its client libraries read. */
  openai: boolean;
};

/**
 * The AI gateway: paywall API §7. It lives below the framework, on Node's own streams, because an answer may be minutes
 * long and there may be thousands of them.
 */
export function apiGateway(deps: Deps, parts: { flood: FloodLimit; metrics: Metrics }): FastPath {
  const readClient = createClientReader(deps);
  const limits = createGatewayLimits();
  const fetch = createSafeFetch({ allowedOrigins: deps.config.gatewayAllowedOrigins });

  async function answer(address: Address, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const requestId = requestIdFrom(headerOf(request, "x-request-id"), deps);
    const headers: Record<string, string> = {
      ...corsHeaders(true),
      "cache-control": "no-store",
      "x-request-id": requestId,
    };
    let leave = () => {};
    try {
      const client = readClient(request.socket.remoteAddress, (name) => headerOf(request, name));
      const retryAfterSeconds = parts.flood.take(client.address, request.method ?? "");
      if (retryAfterSeconds > 0) {
        const message = "Too many requests from this address. Please slow down.";
        throw new AppError("rate_limited", 429, message, { retryAfterSeconds });
      }
      const caller = await gatewayCaller(deps, request, address.paywallRef);
      const provider = await findSealedProvider(deps.db, caller.tenant.id, address.providerRef);
      if (!provider) throw new AppError("provider-not-found", 404, "There is no such provider.");
      const admitted = limits.enter(provider, caller.customer.id, deps.clock.now().getTime());
      leave = admitted.leave;
      Object.assign(headers, admitted.headers);
      const { rest, search } = address;
      // A caller's own request id may repeat; what is charged and logged has one of ours.
      const callId = deps.ids.next("gatewayRequest");
      await makeCall(deps, {
        request,
        response,
        caller,
        provider,
        rest,
        search,
        requestId: callId,
        headers,
        fetch,
      });
    } catch (error) {
      refuse(deps, response, error, { headers, requestId, openai: address.openai });
    } finally {
      leave();
      parts.metrics.observeRequest(
        ROUTE,
        request.method ?? "",
        response.statusCode,
        (performance.now() - started) / 1000,
      );
    }
  }

  return (request, response) => {
    if (request.method === "OPTIONS") return false;
    const address = addressOf(request);
    if (!address) return false;
    void answer(address, request, response);
    return true;
  };
}

/** Null for what is not the gateway's. */
function addressOf(request: IncomingMessage): Address | null {
  const { url = "" } = request;
  if (!url.startsWith(PREFIX) && !url.startsWith(OPENAI_PREFIX)) return null;
  const question = url.indexOf("?");
  const path = question === -1 ? url : url.slice(0, question);
  const search = question === -1 ? "" : url.slice(question);
  if (url.startsWith(OPENAI_PREFIX)) {
    const [paywallRef, providerRef, ...rest] = path.slice(OPENAI_PREFIX.length).split("/");
    return { paywallRef, providerRef: decode(providerRef), rest: rest.join("/"), search, openai: true };
  }
  const [providerRef, ...rest] = path.slice(PREFIX.length).split("/");
  const paywallRef = new URLSearchParams(search).get("paywall_id") ?? headerOf(request, "x-paywall-id");
  return {
    paywallRef: paywallRef || undefined,
    providerRef: decode(providerRef),
    rest: rest.join("/"),
    search,
    openai: false,
  };
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return "";
  }
}

/** A refusal in the gateway's words: `{ error: code, code, message, ...details }`. */
function refuse(
  deps: Deps,
  response: ServerResponse,
  error: unknown,
  { headers, requestId, openai }: { headers: Record<string, string>; requestId: string; openai: boolean },
): void {
  const refusal = toRefusal(error);
  if (refusal.code === "internal_error") deps.log.error({ err: error, requestId }, "a gateway call failed");
  // Somebody has begun to read already: all that can be said is that this was not all.
  if (response.headersSent) return void response.destroy();
  const { code, message, status, details, retryAfterSeconds } = refusal;
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    ...(retryAfterSeconds && { "retry-after": String(retryAfterSeconds) }),
  });
  const said = openai ? { message, type: "gateway_error", param: null, code } : code;
  response.end(JSON.stringify({ ...details, error: said, code, message }));
}
