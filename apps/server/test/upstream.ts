import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type UpstreamCall = {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  /** Resolves when the connection that carried the call is gone. */
  closed: Promise<void>;
};

export type Upstream = {
  origin: string;
  /** Every call that arrived, oldest first. */
  calls: UpstreamCall[];
  /** How the next calls are answered. */
  answer: (response: ServerResponse, call: UpstreamCall) => void | Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export const ok = (response: ServerResponse, body: unknown = { ok: true }, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

/** One event of a stream. */
export const event = (message: unknown): string =>
  `data: ${typeof message === "string" ? message : JSON.stringify(message)}\n\n`;

/** A company whose API is called through the gateway. */
export async function startUpstream(): Promise<Upstream> {
  const calls: UpstreamCall[] = [];
  const server = createServer(async (request, response) => {
    const closed = new Promise<void>((resolve) => response.once("close", resolve));
    response.on("error", () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const call = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks),
      closed,
    };
    calls.push(call);
    await upstream.answer(response, call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstream: Upstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (response) => ok(response),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return upstream;
}
