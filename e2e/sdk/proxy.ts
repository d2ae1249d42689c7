import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

/** What becomes of a request on its way: on to the server, or one of the ways in which networks fail. */
export type Fault =
  | "pass"
  /** The connection is cut before anything is answered. */
  | "refuse"
  /** Nothing is ever answered. */
  | "hang"
  /** Headers arrive, and the connection dies in the middle of the body. */
  | "cut"
  /** Headers and half of the body arrive; the rest when `release()` is called. */
  | "slow";

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
export type Seen = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Whether the caller has hung up. */
  gone: boolean;
};
type Handler = (request: Seen, response: ServerResponse) => unknown;

export type Proxy = {
  origin: string;
  /** Every request except preflights, oldest first. */
  seen: Seen[];
  fault: Fault;
  /** Answers a path (by its ending) itself, with the real headers for other origins. */
  answer(path: string, answer: Answer | Handler): void;
  /** Lets what is held back go. */
  release(): void;
};

const cors = (from: IncomingMessage) => ({
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  "access-control-allow-headers": from.headers["access-control-request-headers"] ?? "*",
  "access-control-expose-headers": "X-Query-Type",
});

/**
 * Real network faults between a page and the server: a second address of the server that can refuse, hang, cut and
 * delay, and can answer for parts that the server does not have yet. Everything is reset after each test.
 */
export function useProxy(target: () => string): Proxy {
  const answers = new Map<string, Answer | Handler>();
  const held: (() => void)[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    const path = incoming.url ?? "/";
    const seen: Seen = {
      method: incoming.method ?? "",
      path,
      headers: incoming.headers as Record<string, string>,
      body: "",
      gone: false,
    };
    response.on("close", () => {
      seen.gone = !response.writableFinished;
    });
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    seen.body = Buffer.concat(chunks).toString();
    const { fault } = proxy;
    if (seen.method === "OPTIONS") {
      if (fault === "refuse") return response.destroy();
      return response.writeHead(204, cors(incoming)).end();
    }
    proxy.seen.push(seen);
    if (fault === "refuse") return response.destroy();
    if (fault === "hang") return;
    const ending = [...answers.keys()].find((it) => path.split("?")[0]!.endsWith(it));
    const own = ending === undefined ? undefined : answers.get(ending);
    if (typeof own === "function") {
      for (const [name, value] of Object.entries(cors(incoming))) response.setHeader(name, value);
      return own(seen, response);
    }
    if (own) {
      const json = own.body === undefined ? "" : JSON.stringify(own.body);
      response.writeHead(own.status, {
        ...cors(incoming),
        "content-type": "application/json",
        ...own.headers,
      });
      return response.end(json);
    }
    const { host: _, ...headers } = incoming.headers;
    const onward = request(target() + path, { method: seen.method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const body = Buffer.concat(parts);
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (fault === "pass") return response.end(body);
        response.write(body.subarray(0, body.length / 2));
        if (fault === "cut") setTimeout(() => response.destroy(), 50);
        else held.push(() => response.end(body.subarray(body.length / 2)));
      });
    });
    onward.on("error", () => response.destroy());
    onward.end(seen.body);
  });

  const proxy: Proxy = {
    origin: "",
    seen: [],
    fault: "pass",
    answer: (path, answer) => void answers.set(path, answer),
    release() {
      for (const go of held.splice(0)) go();
    },
  };
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    proxy.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    // What the last test's page was still trying while it was closed.
    proxy.seen.length = 0;
  });
  afterEach(() => {
    proxy.fault = "pass";
    answers.clear();
    proxy.release();
    server.closeAllConnections();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}
