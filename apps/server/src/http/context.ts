import type { HttpBindings } from "@hono/node-server";
import { createMiddleware } from "hono/factory";
import type { Deps } from "../platform/deps.ts";
import { addressSet, clientAddress } from "../platform/geo/index.ts";
import type { Log } from "../platform/log.ts";

export type RequestVariables = {
  requestId: string;
  /** The caller's address after the trusted-proxy rules; never taken from an untrusted header. */
  clientAddress: string;
  /** ISO 3166-1 alpha-2 of that address, or null when it cannot be told. */
  country: string | null;
  log: Log;
};

export type AppEnv = { Bindings: Partial<HttpBindings>; Variables: RequestVariables };

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Who a request really comes from; shared by the framework's middleware and the fast path. */
export function createClientReader(deps: Pick<Deps, "config" | "countries">) {
  const trusted = addressSet(deps.config.trustedProxies);
  const { countryHeader } = deps.config;
  return (
    socketAddress: string | undefined,
    header: (name: string) => string | undefined,
  ): { address: string; country: string | null } => {
    const client = clientAddress(
      {
        socketAddress,
        forwardedFor: header("x-forwarded-for"),
        country: countryHeader ? header(countryHeader) : undefined,
      },
      trusted,
    );
    const address = client.address ?? "unknown";
    return {
      address,
      country: client.country ?? (client.address ? deps.countries.countryOf(client.address) : null),
    };
  };
}

/** A request id that the caller may choose, as long as it is harmless in a log; else one of ours. */
export const requestIdFrom = (given: string | undefined, deps: Pick<Deps, "ids">): string =>
  given && REQUEST_ID.test(given) ? given : deps.ids.next("request");

/** Gives every request its id, the caller's real address and country, and a logger that names the request. */
export function requestContext(deps: Pick<Deps, "config" | "countries" | "ids" | "log">) {
  const readClient = createClientReader(deps);
  return createMiddleware<AppEnv>(async (c, next) => {
    const requestId = requestIdFrom(c.req.header("x-request-id"), deps);
    const client = readClient(c.env?.incoming?.socket?.remoteAddress, (name) => c.req.header(name));
    c.set("requestId", requestId);
    c.set("clientAddress", client.address);
    c.set("country", client.country);
    c.set("log", deps.log.child({ requestId }));
    await next();
    c.res.headers.set("x-request-id", requestId);
  });
}

/** The machine itself. */
export const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";
