import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { StartError } from "../platform/start-error.ts";
import type { AppEnv } from "./context.ts";

/** A way to answer a request before the framework sees it; false, now or later, means "not mine". Never rejects. */
export type FastPath = (
  request: import("node:http").IncomingMessage,
  response: import("node:http").ServerResponse,
) => boolean | Promise<boolean>;

export type RunningServer = {
  port: number;
  /** Takes no new connections, lets answers in flight finish for `patienceMs` (10 s when absent), then resolves. */
  stop(patienceMs?: number): Promise<void>;
};

const DRAIN_MS = 10_000;

/**
 * Listens for HTTP.
 * @throws StartError when the port is taken or may not be used.
 */
export async function serve(
  app: Hono<AppEnv>,
  options: { host: string; port: number; fastPath?: FastPath },
): Promise<RunningServer> {
  const listener = getRequestListener((request, env) => app.fetch(request, env as AppEnv["Bindings"]), {
    overrideGlobalObjects: false,
  });
  const { fastPath } = options;
  const server = createServer((request, response) => {
    const taken = fastPath?.(request, response) ?? false;
    if (taken === false) void listener(request, response);
    else if (taken !== true)
      void taken.then((answered) => (answered ? undefined : listener(request, response)));
  });
  server.keepAliveTimeout = 65_000;
  // A slow sender must not hold a connection for ever.
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
  await listen(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    port,
    stop: (patienceMs = DRAIN_MS) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), patienceMs);
        server.close(() => {
          clearTimeout(force);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") {
        reject(
          new StartError(`Port ${port} is already in use; stop the other program or set PORT to a free one.`),
        );
      } else if (error.code === "EACCES") {
        reject(new StartError(`Port ${port} may not be used by this user; set PORT to one above 1023.`));
      } else if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
        reject(new StartError(`HOST ${host} is not an address of this machine.`));
      } else reject(error);
    });
    server.listen(port, host, resolve);
  });
}
