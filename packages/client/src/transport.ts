import { APIError } from "./api-error.ts";
import { type CacheConfig, CacheMode, clearedTimes, createTimestamps } from "./cache.ts";
import { LIBRARY_NAME, LIBRARY_VERSION } from "./version.ts";

/** What `client()` and `management()` take. */
export interface SDKConfig {
  /** Where the server is, as `https://pay.example.com`. */
  baseUrl: string;
  /** Gives the whole `Authorization` header, as `Bearer …`; asked before every request. */
  tokenProvider: () => Promise<string>;
  /** Never sent: the server knows the vendor by the credentials. */
  vendorId?: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  libraryName?: string;
  libraryVersion?: string;
  cache?: CacheConfig;
  /** For one attempt. Without it the runtime decides. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

export type Call = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as it is; callers write their own JSON. */
  body?: string;
  headers?: Record<string, string>;
};

/** Sends one call and parses its answer; null for 204. @throws `APIError` for everything else that is not 2xx. */
export type Transport = <T>(path: string, call?: Call) => Promise<T>;

type Answer = { status: number; ok: boolean; text: string; url: string };

const RETRIES = 3;
/** Before the first retry; the second waits twice as long, the third three times. */
const RETRY_STEP_MS = 1000;
const KEPT_MS = 300_000;
const KEPT_AT_MOST = 500;

export function createTransport(config: SDKConfig): Transport {
  const baseUrl = config.baseUrl.replace(/\/+$/, "");
  const timestamps = config.cache?.mode === CacheMode.BROWSER ? createTimestamps(config.cache.storage) : null;
  const keeps = config.cache?.mode === CacheMode.NORMAL;
  const underWay = new Map<string, Promise<Answer>>();
  const kept = new Map<string, { answer: Answer; untilMs: number }>();
  let seenCleared = clearedTimes();
  /** Grows with everything that makes what was read before it old. */
  let age = 0;

  const forget = () => {
    age += 1;
    kept.clear();
    timestamps?.renew();
  };

  async function headersOf(call: Call, isOurs: boolean): Promise<Headers> {
    const headers = new Headers({
      "Content-Type": "application/json",
      "X-Sesamy-Client": `${config.libraryName ?? LIBRARY_NAME}/${config.libraryVersion ?? LIBRARY_VERSION}`,
    });
    const add = (more: Record<string, string> = {}) => {
      for (const [name, value] of Object.entries(more)) headers.set(name, value);
    };
    // Another site gets neither our credentials nor what the caller attaches for our server.
    if (isOurs) {
      add(config.headers);
      if (timestamps) headers.set("Cache-Timestamp", timestamps.current());
      headers.set("Authorization", await config.tokenProvider());
      // A create is sent again after a 5xx; with its key it still happens once.
      if (call.method === "POST") headers.set("Idempotency-Key", randomKey());
    }
    add(call.headers);
    return headers;
  }

  async function attempt(url: string, call: Call, headers: Headers): Promise<Answer> {
    const send = config.fetch ?? fetch;
    const response = await send(url, {
      method: call.method ?? "GET",
      headers,
      ...(call.body ? { body: call.body } : {}),
      ...(config.timeoutMs ? { signal: AbortSignal.timeout(config.timeoutMs) } : {}),
    });
    return {
      status: response.status,
      ok: response.ok,
      text: await response.text(),
      url: response.url || url,
    };
  }

  async function persist(url: string, call: Call, headers: Headers): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await attempt(url, call, headers);
      if (answer.ok || (answer.status >= 400 && answer.status < 500)) return answer;
      if (tries > RETRIES) throw new Error("Number of attempts exceeded.", { cause: refusal(answer) });
      await new Promise((resolve) => setTimeout(resolve, tries * RETRY_STEP_MS));
    }
  }

  /** Reads of the same thing by the same person at one time are one request. */
  async function read(url: string, call: Call, headers: Headers): Promise<Answer> {
    const key = `${age}\n${url}\n${[...headers].join("\n")}`;
    const found = kept.get(key);
    if (found && found.untilMs > Date.now()) return found.answer;
    const running = underWay.get(key);
    if (running) return running;
    const started = persist(url, call, headers).finally(() => underWay.delete(key));
    underWay.set(key, started);
    const answer = await started;
    if (keeps && answer.ok) {
      kept.delete(key);
      kept.set(key, { answer, untilMs: Date.now() + KEPT_MS });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_AT_MOST && oldest !== undefined) kept.delete(oldest);
    }
    return answer;
  }

  return async <T>(path: string, call: Call = {}): Promise<T> => {
    const isAbsolute = /^https?:\/\//i.test(path);
    const url = isAbsolute ? path : `${baseUrl}${path}`;
    const isRead = (call.method ?? "GET") === "GET";
    if (seenCleared !== clearedTimes()) {
      seenCleared = clearedTimes();
      forget();
    }
    try {
      const headers = await headersOf(call, !isAbsolute || originOf(url) === originOf(baseUrl));
      const answer = await (isRead ? read : persist)(url, call, headers);
      if (!answer.ok) throw refusal(answer);
      if (!isRead) forget();
      return (answer.status === 204 ? null : JSON.parse(answer.text)) as T;
    } catch (error) {
      throw error instanceof APIError ? error : asAPIError(error, url);
    }
  };
}

function refusal({ status, text, url }: Answer): APIError {
  const said = text || "Unknown error";
  return new APIError(status, said, url, `API Error ${status}: ${said}`, said);
}

/** The token provider failed, the network did, or the answer was not JSON. */
function asAPIError(error: unknown, url: string): APIError {
  const { message, status } = error as { message?: string; status?: unknown };
  const said = message || "Unknown error";
  const known = typeof status === "number" ? status : 500;
  return new APIError(known, said, url, `API Error ${known}: ${said}`, said, { cause: error });
}

/** Null for a base that is a path of the page's own origin. */
function originOf(url: string): string | null {
  try {
    return new URL(url, typeof location === "undefined" ? undefined : location.href).origin;
  } catch {
    return null;
  }
}

/** `randomUUID` exists in secure contexts only; pages on plain http in a development network have none. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
