import type { AuthClient } from "./auth-client.ts";
import { callSafely } from "./emitter.ts";
import { PaywallError, QuotaExceededError } from "./errors.ts";
import { createTransport, readJson } from "./transport.ts";
import type { Balance, FetchLike } from "./types.ts";

export interface ApiGatewayClientOptions {
  paywallId: string;
  apiOrigin: string;
  auth?: AuthClient;
  /** For back ends without sessions: whose quota is spent. A session beats it. */
  userId?: string;
  capabilities?: string[];
  fetch?: FetchLike;
  edgeFallback?: false | string;
  /** A call was paid for, with a unit of this type if the provider says so. */
  onChargeSuccess?: (queryType: string | undefined) => void;
  onQuotaExceeded?: (error: QuotaExceededError) => void;
}

export interface ApiGatewayCallParams {
  providerId: string;
  path?: string;
  /** Default POST. */
  method?: string;
  /** Strings, forms, blobs and streams go as they are; anything else as JSON. */
  body?: unknown;
  headers?: RequestInit["headers"];
  signal?: AbortSignal;
}

type ErrorBody = {
  code?: unknown;
  error?: unknown;
  details?: { balances?: unknown; queryType?: string; currentBalance?: Balance | null };
} | null;

// Not every runtime with fetch has streams.
const isStream = (body: unknown) => typeof ReadableStream !== "undefined" && body instanceof ReadableStream;

/** Calls a provider through the server, which adds its credentials and counts the call against a quota. */
export class ApiGatewayClient {
  /**
   * Answers the provider's response unread, for the caller to stream. There is no deadline: a model may think for
   * minutes. Every call may be charged. Rejects with `QuotaExceededError` on 402, else with `PaywallError`. Bound.
   */
  declare readonly call: (params: ApiGatewayCallParams) => Promise<Response>;

  constructor(options: ApiGatewayClientOptions) {
    const { paywallId, auth, userId, onChargeSuccess, onQuotaExceeded } = options;
    const transport = createTransport({
      ...options,
      getAuthToken: auth && (() => auth.getAccessToken()),
      onUnauthorized: auth && (async () => (await auth.refresh())?.access_token ?? null),
    });
    if (userId && !auth && typeof window !== "undefined")
      console.warn("[tollgate] userId proves nothing in a browser; give the gateway an auth client");

    const refusal = async (response: Response): Promise<PaywallError> => {
      const { status, statusText } = response;
      const cause = (await readJson(response).catch(() => null)) as ErrorBody;
      if (status !== 402) {
        const code = cause?.code ?? (typeof cause?.error === "string" && cause.error);
        return new PaywallError(code ? String(code) : `http_${status}`, statusText || "Request failed", {
          status,
          cause,
        });
      }
      const { balances, queryType = "", currentBalance = null } = cause?.details ?? {};
      const list: (Balance & { balances?: Balance[] })[] = Array.isArray(balances) ? balances : [];
      const error = new QuotaExceededError({
        balances: list[0]?.balances ?? list,
        queryType,
        currentBalance,
      });
      callSafely(onQuotaExceeded, error);
      return error;
    };

    this.call = async ({ providerId, path = "", method = "POST", body, headers: given, signal }) => {
      const stream = isStream(body);
      const raw = stream || typeof body === "string" || body instanceof FormData || body instanceof Blob;
      const rest = path.replace(/^\/+/, "");
      const headers = new Headers(given);
      if (userId && !auth) headers.set("X-User-ID", userId);
      const init: RequestInit & { duplex?: "half" } = {
        method,
        headers,
        signal,
        body: body == null ? undefined : raw ? (body as BodyInit) : JSON.stringify(body),
        ...(stream && { duplex: "half" }),
      };
      return transport.send(
        `/api/v1/api-gateway/${encodeURIComponent(providerId)}${rest && `/${rest}`}` +
          `${rest.includes("?") ? "&" : "?"}paywall_id=${encodeURIComponent(paywallId)}`,
        init,
        {
          json: body != null && !raw,
          once: stream,
          read: async (response) => {
            if (!response.ok) throw await refusal(response);
            callSafely(onChargeSuccess, response.headers.get("X-Query-Type") ?? undefined);
            return response;
          },
        },
      );
    };
  }
}
