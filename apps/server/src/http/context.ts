import type { HttpBindings } from "@hono/node-server";
import { createMiddleware } from "hono/factory";
import type { Deps } from "../platform/deps.ts";
import { clientAddress } from "../platform/geo/index.ts";
import type { Log } from "../platform/log.ts";

export type RequestVariables = {
  requestId: string;
  /** The caller's address after the trusted-proxy rules; never taken from an untrusted header. */
  clientAddress: string;
  log: Log;
};

export type AppEnv = { Bindings: Partial<HttpBindings>; Variables: RequestVariables };

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Gives every request its id, the caller's real address and a logger that names both. */
export function requestContext(deps: Pick<Deps, "config" | "ids" | "log">) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const given = c.req.header("x-request-id");
    const requestId = given && REQUEST_ID.test(given) ? given : deps.ids.next("request");
    c.set("requestId", requestId);
    c.set(
      "clientAddress",
      clientAddress({
        socketAddress: c.env?.incoming?.socket?.remoteAddress ?? "127.0.0.1",
        forwardedFor: c.req.header("x-forwarded-for"),
        trustedProxies: deps.config.trustedProxies,
      }),
    );
    c.set("log", deps.log.child({ requestId }));
    await next();
    c.res.headers.set("x-request-id", requestId);
  });
}
