import { errorFromResponse, invalidConfig, PaywallError } from "./errors.ts";
import { EDGE_FINAL_TIMEOUT_MS, EDGE_HEDGE_TIMEOUT_MS, OriginResolver } from "./origin-resolver.ts";
import type { FetchLike, StorageAdapter } from "./types.ts";
import { SDK_VERSION } from "./version.ts";

export interface ApiClientOptions {
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

export interface ApiRequestInit extends RequestInit {
  /** May a mirror repeat it although the first origin may have executed it? Default: GET and HEAD only. */
  replayable?: boolean;
}

const networkError = (cause: unknown, originRetryable: boolean): PaywallError =>
  new PaywallError("network_error", "The service could not be reached", { cause, originRetryable });

/** The one place that talks HTTP: headers, error mapping, 401 recovery and mirror failover. */
export class ApiClient {
  readonly #options: ApiClientOptions;
  readonly #resolver: OriginResolver;

  constructor(options: ApiClientOptions) {
    if (!options.apiOrigin || !options.paywallId) throw invalidConfig("apiOrigin and paywallId are required");
    this.#options = options;
    this.#resolver = new OriginResolver({
      primary: options.apiOrigin,
      edgeFallback: options.edgeFallback,
      storage: options.storage,
    });
  }

  activeOrigin(): string {
    return this.#resolver.active();
  }

  /** Resolves with parsed JSON, or null for a 2xx without (valid) JSON. Rejects with `PaywallError` only. */
  async request<T>(path: string, init: ApiRequestInit = {}): Promise<T> {
    let bearer: string | null = null;
    const onToken = (token: string | null) => {
      bearer = token;
    };
    await this.#resolver.ready;
    try {
      return await this.#overOrigins<T>(path, init, onToken);
    } catch (error) {
      const { onUnauthorized } = this.#options;
      if ((error as PaywallError).status !== 401 || !bearer || !onUnauthorized) throw error;
      const used: string = bearer;
      const fresh = await onUnauthorized().catch(() => null);
      if (!fresh || fresh === used) throw error;
      return this.#overOrigins<T>(path, init, onToken);
    }
  }

  async #overOrigins<T>(
    path: string,
    init: ApiRequestInit,
    onToken: (token: string | null) => void,
  ): Promise<T> {
    const origins = this.#resolver.candidates();
    for (const [index, origin] of origins.entries()) {
      const last = index === origins.length - 1;
      try {
        const result = await this.#attempt<T>(origin, path, init, onToken, origins.length > 1, last);
        this.#resolver.succeeded(origin);
        return result;
      } catch (error) {
        const { code, status, originRetryable } = error as PaywallError;
        // An answer, even a refusal, proves that the origin is reachable.
        if (status) this.#resolver.succeeded(origin);
        if (last || code !== "network_error" || originRetryable === false) throw error;
      }
    }
    throw networkError(null, false);
  }

  async #attempt<T>(
    origin: string,
    path: string,
    init: ApiRequestInit,
    onToken: (token: string | null) => void,
    mirrored: boolean,
    last: boolean,
  ): Promise<T> {
    const { paywallId, capabilities, getAuthToken } = this.#options;
    const { replayable = /^(GET|HEAD)$/i.test(init.method ?? "GET"), signal, ...rest } = init;
    const headers = new Headers(init.headers);
    const form = typeof FormData !== "undefined" && init.body instanceof FormData;
    headers.set("Accept", "application/json");
    headers.set("X-SDK-Version", SDK_VERSION);
    headers.set("X-Paywall-Id", paywallId);
    if (capabilities?.length) headers.set("X-SDK-Capabilities", capabilities.join(","));
    if (init.body && !form && !headers.has("Content-Type")) headers.set("Content-Type", "application/json");
    if (getAuthToken && !headers.has("Authorization")) {
      const token = await getAuthToken();
      onToken(token);
      if (token) headers.set("Authorization", `Bearer ${token}`);
    }

    const controller = new AbortController();
    const stop = () => controller.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    const deadline = (ms: number | false) => (mirrored && ms ? setTimeout(stop, ms) : undefined);
    let timer = deadline(!form && (last ? EDGE_FINAL_TIMEOUT_MS : EDGE_HEDGE_TIMEOUT_MS));
    let answered = false;
    try {
      // Called detached on purpose: browsers reject a `fetch` whose receiver is not the window.
      const { fetch: send = fetch } = this.#options;
      const response = await send(origin + path, {
        ...rest,
        headers,
        credentials: "omit",
        signal: controller.signal,
      });
      answered = true;
      clearTimeout(timer);
      timer = deadline(!form && EDGE_FINAL_TIMEOUT_MS);
      const json = /json/.test(response.headers.get("Content-Type") ?? "");
      const body = json ? parseJson(await response.text()) : null;
      if (!response.ok) throw errorFromResponse(response.status, response.statusText, body);
      return body as T;
    } catch (error) {
      if (error instanceof PaywallError) throw error;
      if (signal?.aborted) throw new PaywallError("aborted", "The call was aborted", { cause: error });
      throw networkError(error, !answered || replayable);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
