import { PaywallError, requireIds } from "./errors.ts";
import { EDGE_FINAL_TIMEOUT_MS, EDGE_HEDGE_TIMEOUT_MS, OriginResolver } from "./origin-resolver.ts";
import { abortable, abortedError, inBackground } from "./promises.ts";
import type { FetchLike, StorageAdapter } from "./types.ts";
import { SDK_VERSION } from "./version.ts";

export interface TransportOptions {
  apiOrigin: string;
  paywallId: string;
  /** Asked before every attempt, so that a failover uses a token rotated in the meantime. */
  getAuthToken?: () => Promise<string | null> | string | null;
  /** Called once after a 401 to a request that carried a Bearer; a different token replays it once. */
  onUnauthorized?: () => Promise<string | null>;
  capabilities?: string[];
  fetch?: FetchLike;
  edgeFallback?: false | string;
  storage?: StorageAdapter;
}

export interface Sending<T> {
  /** Turns the answer, of whatever status, into the result or an error. */
  read: (response: Response) => Promise<T>;
  /** The body is JSON, unless the caller's headers say otherwise. */
  json?: boolean;
  /** May a mirror repeat it although the first origin may have executed it? */
  replayable?: boolean;
  /** Give up on silence where a mirror exists. */
  deadlines?: boolean;
  /** A body that can be read only once: one origin, no replay. */
  once?: boolean;
}

export interface Transport {
  activeOrigin(): string;
  /** Sends to the best origin, then to the other one. Rejects with what `read` throws, or a `PaywallError`. */
  send<T>(path: string, init: RequestInit, sending: Sending<T>): Promise<T>;
}

/** What every request says about itself. */
export function sdkHeaders(options: { paywallId: string; capabilities?: string[] }): Record<string, string> {
  const { paywallId, capabilities } = options;
  return {
    "X-SDK-Version": SDK_VERSION,
    "X-Paywall-Id": paywallId,
    ...(capabilities?.length && { "X-SDK-Capabilities": capabilities.join(",") }),
  };
}

/** The one place that talks HTTP: headers, 401 recovery and mirror failover. */
export function createTransport(options: TransportOptions): Transport {
  requireIds(options);
  const { apiOrigin: primary, edgeFallback, storage, getAuthToken, onUnauthorized } = options;
  const resolver = new OriginResolver({ primary, edgeFallback, storage });

  const run = async <T>(path: string, init: RequestInit, sending: Sending<T>): Promise<T> => {
    const { read, json, replayable, deadlines, once } = sending;
    const { signal } = init;
    await resolver.ready;
    const origins = resolver.candidates().slice(0, once ? 1 : 2);
    let recover = !once && onUnauthorized;
    for (let left = origins.length; ; ) {
      const origin = origins[origins.length - left--]!;
      const controller = new AbortController();
      const abort = () => controller.abort();
      const timed = deadlines && origins.length > 1;
      let timer: ReturnType<typeof setTimeout> | undefined;
      /** Whether the origin may have executed what it was asked. */
      let answered = false;
      const allow = (ms: number) => {
        clearTimeout(timer);
        if (timed) timer = setTimeout(abort, ms);
      };
      const ask = async (token: string | null | undefined): Promise<Response> => {
        signal?.throwIfAborted();
        const headers = new Headers(init.headers);
        if (json && !headers.has("Content-Type")) headers.set("Content-Type", "application/json");
        for (const [name, value] of Object.entries(sdkHeaders(options))) headers.set(name, value);
        if (token) headers.set("Authorization", `Bearer ${token}`);
        answered = false;
        allow(left ? EDGE_HEDGE_TIMEOUT_MS : EDGE_FINAL_TIMEOUT_MS);
        // Called detached on purpose: browsers reject a `fetch` whose receiver is not the window.
        const { fetch: send = fetch } = options;
        // Without deadlines the caller's own signal goes along, and later stops a body that is still streaming.
        const response = await send(origin + path, {
          ...init,
          headers,
          credentials: "omit",
          signal: timed ? controller.signal : signal,
        });
        answered = true;
        allow(EDGE_FINAL_TIMEOUT_MS);
        return response;
      };
      if (timed) signal?.addEventListener("abort", abort);
      try {
        const token = await getAuthToken?.();
        let response = await ask(token);
        if (response.status === 401 && token && recover) {
          clearTimeout(timer);
          const renew = recover;
          recover = undefined;
          const other = async () => {
            // Another tab may have replaced the token while it was on its way: then it is not replaced again.
            const held = await getAuthToken?.();
            return held && held !== token ? held : renew();
          };
          const fresh = await other().catch(() => null);
          if (fresh && fresh !== token) {
            inBackground(response.body?.cancel());
            response = await ask(fresh);
          }
        }
        // An answer, even a refusal, proves that the origin is reachable.
        resolver.succeeded(origin);
        return await read(response);
      } catch (cause) {
        if (cause instanceof PaywallError) throw cause;
        if (signal?.aborted) throw abortedError(cause);
        const originRetryable = !answered || !!replayable;
        if (!left || !originRetryable)
          throw new PaywallError("network_error", "The service could not be reached", {
            cause,
            originRetryable,
          });
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      }
    }
  };

  return {
    activeOrigin: () => resolver.active(),
    // A caller may walk away while a token or the storage is waited for, too.
    send: (path, init, sending) => abortable(run(path, init, sending), init.signal),
  };
}

/** The body as JSON, or null when it is not (valid) JSON. Rejects when the connection dies under it. */
export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return /json/.test(response.headers.get("Content-Type") ?? "") ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
