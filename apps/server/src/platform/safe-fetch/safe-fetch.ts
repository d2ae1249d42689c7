import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import type * as Undici from "undici";
import { ACCEPTED_ENCODINGS, decodeBody } from "./decode-body.ts";
import { OutboundFailed, OutboundRefused } from "./errors.ts";
import { mayConnectTo } from "./outbound-address.ts";

export type SafeRequest = {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** From the first packet to the last byte of the answer. */
  timeoutMs: number;
  /** The answer is read no further; what was read by then is returned. */
  maxResponseBytes: number;
};

/** `body` holds at most `maxResponseBytes`. A redirect is an answer like any other. */
export type SafeResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
};

export type StreamRequest = {
  url: string;
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  headers?: Record<string, string>;
  body?: string | Uint8Array | Readable;
  /** From the first packet to the last byte of the answer, redirects included. */
  timeoutMs: number;
  /** How long the answer may pause; `timeoutMs` when absent. */
  idleMs?: number;
  /** Ends the request early, when whoever asked has gone. */
  signal?: AbortSignal;
  /** Bytes of the answer after decompression. */
  maxResponseBytes: number;
  /**
   * Called with each place that a redirect leads to; says with which headers to go there, or null for not at all. No
   * redirect is followed without it. Every hop passes the same guard as the first address.
   */
  follow?: (next: URL) => Promise<Record<string, string> | null> | Record<string, string> | null;
};

/** An answer under way. Whoever does not read `body` to its end calls `discard`. */
export type StreamResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Where the answer came from, after redirects. */
  url: string;
  /** Decompressed. @throws OutboundFailed when the answer breaks a limit */
  body: AsyncIterable<Buffer>;
  discard(): void;
};

export type ForwardRequest = Pick<StreamRequest, "url" | "headers" | "body"> & {
  method: NonNullable<StreamRequest["method"]>;
  /** How long the answer may take to begin, and then to pause. */
  idleMs: number;
  signal: AbortSignal;
};

export interface SafeFetch {
  /**
   * Sends one request to an address that somebody else wrote down.
   * @throws OutboundRefused when the address is not https, or not on the public internet.
   * @throws any network error, a `TimeoutError` included.
   */
  send(request: SafeRequest): Promise<SafeResponse>;
  /**
   * Sends one request and gives its answer as it arrives. @throws as `send` does, and OutboundFailed for a redirect that
   * leads nowhere we go.
   */
  stream(request: StreamRequest): Promise<StreamResponse>;
  /**
   * Sends one request and hands on its answer as it is: encoded as it came, with the network's own back-pressure, and
   * with no limit but the pause. A redirect is an answer like any other. @throws as `send` does
   */
  forward(
    request: ForwardRequest,
  ): Promise<{ status: number; headers: StreamResponse["headers"]; body: Readable }>;
  close(): Promise<void>;
}

export type SafeFetchOptions = {
  /** Exact origins that may be http or private, because the operator said so. */
  allowedOrigins: string[];
  /** Whether this very machine may be asked under its own name, at any port: for development. */
  allowLoopback?: boolean;
  /** How names become addresses; the system's way when absent. */
  lookup?: LookupFunction;
};

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Says why an address may never be called, or null when it may be tried. A name still has to resolve to a
 * public address, which is checked on every connection.
 */
export function refusalOf(url: string, allowedOrigins: string[], allowLoopback = false): string | null {
  if (!URL.canParse(url)) return "The address is not a URL.";
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return "The address must start with https://.";
  if (username || password) return "The address must not contain a user name or password.";
  if (isAllowed(new URL(url), allowedOrigins, allowLoopback)) return null;
  if (protocol !== "https:") return "The address must start with https://.";
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && !mayConnectTo(host)) return "The address is not on the public internet.";
  return null;
}

const isAllowed = (url: URL, allowed: string[], allowLoopback: boolean): boolean =>
  (allowLoopback && LOOPBACK.test(url.hostname)) ||
  allowed.some((entry) => URL.canParse(entry) && new URL(entry).origin === url.origin);

/**
 * The one way out to addresses that strangers choose (webhooks, sign-in providers, publishers' pages). It connects only
 * to public addresses: the check sits in the resolution that the connection itself uses and once more on the connected
 * socket, so a name that changes its mind between check and use (DNS rebinding) gains nothing. It follows no redirect
 * unless the caller says where to.
 */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const { allowedOrigins, allowLoopback = false, lookup = systemLookup as LookupFunction } = options;
  // Loaded with the first request: a server that has nothing to deliver starts sooner without it.
  let loading: ReturnType<typeof load> | undefined;
  async function load() {
    const undici = await import("undici");
    return {
      request: undici.request,
      trusted: new undici.Agent({ connect: { lookup } }),
      guarded: new undici.Agent({ connect: publicOnlyConnector(undici, lookup) }),
    };
  }

  /** The client, and the connections that a request to this address may use. */
  async function wayTo(url: string) {
    const refusal = refusalOf(url, allowedOrigins, allowLoopback);
    if (refusal) throw new OutboundRefused(refusal);
    loading ??= load();
    const { request, trusted, guarded } = await loading;
    const dispatcher = isAllowed(new URL(url), allowedOrigins, allowLoopback) ? trusted : guarded;
    return { request, dispatcher };
  }

  return {
    async send({ url, method, headers, body, timeoutMs, maxResponseBytes }) {
      const { request, dispatcher } = await wayTo(url);
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await request(url, { method, headers, body, dispatcher, signal });
      const chunks: Buffer[] = [];
      let total = 0;
      // Leaving the loop early destroys the stream, and with it the connection of a sender without end.
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        total += chunk.byteLength;
        if (total >= maxResponseBytes) break;
      }
      return {
        status: response.statusCode,
        headers: response.headers,
        body: Buffer.concat(chunks).subarray(0, maxResponseBytes),
      };
    },
    async stream({ timeoutMs, idleMs = timeoutMs, maxResponseBytes, follow, ...asked }) {
      const ends = [AbortSignal.timeout(timeoutMs), ...(asked.signal ? [asked.signal] : [])];
      const signal = AbortSignal.any(ends);
      let { url, method = "GET", headers, body } = asked;
      for (let hop = 0; ; hop += 1) {
        const { request, dispatcher } = await wayTo(url);
        const response = await request(url, {
          method,
          headers: { "accept-encoding": ACCEPTED_ENCODINGS, ...headers },
          body,
          dispatcher,
          signal,
          headersTimeout: idleMs,
          bodyTimeout: idleMs,
        });
        // Giving an answer up must not be an error that nobody hears.
        response.body.on("error", () => {});
        const { location, "content-encoding": encoding } = response.headers;
        if (!follow || typeof location !== "string" || !REDIRECTS.has(response.statusCode)) {
          return {
            status: response.statusCode,
            headers: response.headers,
            url,
            body: decodeBody(response.body, [encoding].flat().join(", "), maxResponseBytes),
            discard: () => void response.body.destroy(),
          };
        }
        response.body.destroy();
        if (hop === MAX_REDIRECTS)
          throw new OutboundFailed("too_many_redirects", "There are too many redirects.");
        const next = URL.canParse(location, url) ? new URL(location, url) : null;
        const going = next && (await follow(next));
        if (!next || !going) throw new OutboundFailed("bad_redirect", "A redirect leads elsewhere.");
        [url, headers] = [next.href, going];
        // As browsers do: what was sent is sent again only where the answer insists on it.
        if (response.statusCode < 307 && method !== "HEAD") [method, body] = ["GET", undefined];
      }
    },
    async forward({ url, method, headers, body, idleMs, signal }) {
      const { request, dispatcher } = await wayTo(url);
      const timeouts = { headersTimeout: idleMs, bodyTimeout: idleMs };
      const answer = await request(url, { method, headers, body, dispatcher, signal, ...timeouts });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    async close() {
      const loaded = await loading;
      await Promise.all([loaded?.trusted.destroy(), loaded?.guarded.destroy()]);
    },
  };
}

function publicOnlyConnector(undici: typeof Undici, lookup: LookupFunction): Undici.buildConnector.connector {
  const connect = undici.buildConnector({ lookup: publicOnlyLookup(lookup) });
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error) return callback(error, null);
      const address = socket.remoteAddress ?? "";
      if (!mayConnectTo(address)) {
        socket.destroy();
        return callback(notPublic(options.hostname), null);
      }
      callback(null, socket);
    });
  };
}

const notPublic = (host: string) => new OutboundRefused(`${host} is not on the public internet.`);

/** Resolves a name and refuses it if any of its addresses is not public, before a packet is sent. */
function publicOnlyLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, result, family) => {
      if (error) return callback(error, result, family);
      const addresses = Array.isArray(result) ? result.map(({ address }) => address) : [result];
      if (addresses.length === 0 || !addresses.every(mayConnectTo)) {
        return callback(notPublic(hostname), "", 0);
      }
      callback(null, result, family);
    });
  };
}
