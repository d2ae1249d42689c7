import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type * as Undici from "undici";
import { mayConnectTo } from "./outbound-address.ts";

/** Why a request was never sent. Trying again would not help: the address itself is not allowed. */
export class OutboundRefused extends Error {
  override readonly name = "OutboundRefused";
  readonly code = "outbound_refused";
}

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

export interface SafeFetch {
  /**
   * Sends one request to an address that somebody else wrote down.
   * @throws OutboundRefused when the address is not https, or not on the public internet.
   * @throws any network error, a `TimeoutError` included.
   */
  send(request: SafeRequest): Promise<SafeResponse>;
  close(): Promise<void>;
}

export type SafeFetchOptions = {
  /** Exact origins that may be http or private, because the operator said so. */
  allowedOrigins: string[];
  /** For tests: how names become addresses. */
  lookup?: LookupFunction;
};

/**
 * Says why an address may never be called, or null when it may be tried. A name still has to resolve to a
 * public address, which is checked on every connection.
 */
export function refusalOf(url: string, allowedOrigins: string[]): string | null {
  if (!URL.canParse(url)) return "The address is not a URL.";
  const { protocol, hostname, origin, username, password } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return "The address must start with https://.";
  if (username || password) return "The address must not contain a user name or password.";
  if (isAllowed(origin, allowedOrigins)) return null;
  if (protocol !== "https:") return "The address must start with https://.";
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && !mayConnectTo(host)) return "The address is not on the public internet.";
  return null;
}

const isAllowed = (origin: string, allowed: string[]): boolean =>
  allowed.some((entry) => URL.canParse(entry) && new URL(entry).origin === origin);

/**
 * A client for addresses that strangers choose (webhooks). It connects only to public addresses: the check
 * sits in the resolution that the connection itself uses and once more on the connected socket, so a name
 * that changes its mind between check and use (DNS rebinding) gains nothing. It follows no redirects.
 */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const { allowedOrigins, lookup = systemLookup as LookupFunction } = options;
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

  return {
    async send({ url, method, headers, body, timeoutMs, maxResponseBytes }) {
      const refusal = refusalOf(url, allowedOrigins);
      if (refusal) throw new OutboundRefused(refusal);
      loading ??= load();
      const { request, trusted, guarded } = await loading;
      const dispatcher = isAllowed(new URL(url).origin, allowedOrigins) ? trusted : guarded;
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
