import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

export type Receiver = {
  origin: string;
  url: string;
  /** Everything that arrived, oldest first. */
  received: Received[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** A merchant's webhook endpoint on loopback. `answer` sees each message with its place, counted from 1. */
export async function startReceiver(
  answer: (response: ServerResponse, message: Received, nth: number) => void = (response) =>
    void response.end("ok"),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message = {
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(message);
      answer(response, message, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
