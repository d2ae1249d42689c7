import { createClientReader, headerOf, requestIdFrom } from "../../http/context.ts";
import { corsHeaders } from "../../http/cors.ts";
import type { FloodLimit } from "../../http/flood-guard.ts";
import type { Metrics } from "../../http/health.ts";
import type { FastPath } from "../../http/server.ts";
import type { Deps } from "../../platform/deps.ts";
import { deviceClass } from "../../platform/geo/index.ts";
import { BOOTSTRAP_CACHE_CONTROL, versionOf } from "./bootstrap.ts";
import type { BootstrapCache } from "./bootstrap-cache.ts";

const PREFIX = "/api/v1/paywall/";
const SUFFIX = "/bootstrap";
const ROUTE = "/api/v1/paywall/:id/bootstrap";

/**
 * Answers a guest's bootstrap from memory, below the framework: the request that every page view of every
 * merchant makes. Same bytes and headers as the route, same flood limit, same metrics. Whatever is not
 * plainly that (credentials, a cold rendering, a caller over the limit) is left to the route.
 */
export function bootstrapFastPath(
  deps: Deps,
  parts: { bootstraps: BootstrapCache; flood: FloodLimit; metrics: Metrics },
): FastPath {
  const readClient = createClientReader(deps);
  const observe = parts.metrics.observer(ROUTE, "GET", 200);
  return (request, response) => {
    const { method, url = "", headers } = request;
    if (method !== "GET" || !url.startsWith(PREFIX)) return false;
    const slash = url.indexOf("/", PREFIX.length);
    if (slash === -1 || !url.startsWith(SUFFIX, slash)) return false;
    const query = slash + SUFFIX.length;
    if (query !== url.length && url[query] !== "?") return false;
    if (headers.authorization !== undefined || headers["x-user-email"] !== undefined) return false;

    const start = performance.now();
    const client = readClient(request.socket.remoteAddress, (name) => headerOf(request, name));
    const ready = parts.bootstraps.peek(url.slice(PREFIX.length, slash), ({ paywall }) => ({
      country: client.country,
      device: paywall.settings.macOnly
        ? deviceClass(headers["user-agent"], headerOf(request, "sec-ch-ua-platform"))
        : "other",
    }));
    if (!ready || parts.flood.take(client.address, "GET") > 0) return false;

    const known = query === url.length ? null : versionOf(ifVersionOf(url.slice(query + 1)));
    const body = known === ready.version ? ready.unchanged : ready.full;
    const requestId = requestIdFrom(headerOf(request, "x-request-id"), deps);
    response.writeHead(200, [...HEADERS, "content-length", body.bytes.length, "x-request-id", requestId]);
    response.end(body.latin1, "latin1");
    observe((performance.now() - start) / 1000);
    return true;
  };
}

const HEADERS = Object.entries({
  ...corsHeaders(false),
  "cache-control": BOOTSTRAP_CACHE_CONTROL,
  "content-type": "application/json",
}).flat();

const ALONE = /^if_version=([^&+]*)$/;

/** The first `if_version` of a query. What clients really send needs no parser. */
function ifVersionOf(query: string): string | null {
  const alone = ALONE.exec(query)?.[1];
  try {
    if (alone !== undefined) return decodeURIComponent(alone);
  } catch {
    // Not UTF-8: the parser replaces what it cannot read.
  }
  return new URLSearchParams(query).get("if_version");
}
