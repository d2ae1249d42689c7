import type { FetchLike, StorageAdapter } from "../src/core/types.ts";

export interface StubCall {
  method: string;
  url: string;
  path: string;
  headers: Headers;
  body: unknown;
  init: RequestInit;
}
type Reply =
  | { status?: number; body?: unknown; text?: string; type?: string; statusText?: string }
  | "offline";
export type Handler = (call: StubCall) => Reply | Response | Promise<Reply | Response>;

/** A network that answers from a function and remembers what it was asked. Used to provoke faults. */
export function stubFetch(handler: Handler): { fetch: FetchLike; calls: StubCall[] } {
  const calls: StubCall[] = [];
  const fetch: FetchLike = async (input, init = {}) => {
    const url = String(input);
    const call: StubCall = {
      method: init.method ?? "GET",
      url,
      path: url.replace(/^https?:\/\/[^/]+/, ""),
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
      init,
    };
    calls.push(call);
    init.signal?.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });
    const reply = await Promise.race([handler(call), aborted]);
    if (reply === "offline") throw new TypeError("fetch failed");
    if (reply instanceof Response) return reply;
    const { status = 200, body, text, type = "application/json", statusText } = reply;
    return new Response(status === 204 ? null : (text ?? JSON.stringify(body)), {
      status,
      statusText,
      headers: { "Content-Type": type },
    });
  };
  return { fetch, calls };
}

/** Storage two clients can share, as two tabs share localStorage: writes are heard by the other watchers. */
export function sharedStorage(): {
  tab: () => StorageAdapter;
  data: Map<string, string>;
} {
  const data = new Map<string, string>();
  const watchers = new Set<{ owner: object; key: string; callback: (value: string | null) => void }>();
  const tab = (): StorageAdapter => {
    const owner = {};
    const tell = (key: string, value: string | null) => {
      for (const watcher of watchers)
        if (watcher.owner !== owner && watcher.key === key) watcher.callback(value);
    };
    return {
      getItem: async (key) => data.get(key) ?? null,
      async setItem(key, value) {
        data.set(key, value);
        tell(key, value);
      },
      async removeItem(key) {
        data.delete(key);
        tell(key, null);
      },
      watch(key, callback) {
        const watcher = { owner, key, callback };
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
      },
    };
  };
  return { tab, data };
}

/** Lets everything that is ready to run, run. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
