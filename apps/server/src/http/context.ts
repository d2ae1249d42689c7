import type { IncomingMessage } from "node:http";
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

export type RequestClient = { address: string; country: string | null };

const MAX_REMEMBERED = 10_000;

/**
 * Who a request really comes from; shared by the framework's middleware and the fast paths. Without a proxy's
 * headers that follows from the connection alone, so each such address is worked out once.
 */
export function createClientReader(deps: Pick<Deps, "config" | "countries">) {
  const trusted = addressSet(deps.config.trustedProxies);
  const { countryHeader } = deps.config;
  let remembered = new Map<string | undefined, RequestClient>();

  function read(
    socketAddress: string | undefined,
    forwardedFor: string | undefined,
    country: string | undefined,
  ): RequestClient {
    const client = clientAddress({ socketAddress, forwardedFor, country }, trusted);
    return {
      address: client.address ?? "unknown",
      country: client.country ?? (client.address ? deps.countries.countryOf(client.address) : null),
    };
  }

  return (socketAddress: string | undefined, header: (name: string) => string | undefined): RequestClient => {
    const forwardedFor = header("x-forwarded-for");
    const country = countryHeader ? header(countryHeader) : undefined;
    if (forwardedFor !== undefined || country !== undefined) {
      return read(socketAddress, forwardedFor, country);
    }
    let client = remembered.get(socketAddress);
    if (!client) {
      client = read(socketAddress, undefined, undefined);
      if (remembered.size >= MAX_REMEMBERED) remembered = new Map();
      remembered.set(socketAddress, client);
    }
    return client;
  };
}

/** One header of a request below the framework; lines of one name are joined as HTTP allows. */
export const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
};

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
