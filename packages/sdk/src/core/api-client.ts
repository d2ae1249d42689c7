import { errorFromResponse } from "./errors.ts";
import { createTransport, readJson, type TransportOptions } from "./transport.ts";

export interface ApiClientOptions extends TransportOptions {}

export interface ApiRequestInit extends RequestInit {
  /** May a mirror repeat it although the first origin may have executed it? Default: GET and HEAD only. */
  replayable?: boolean;
}

/** JSON over HTTP: error mapping, 401 recovery and mirror failover. Methods are bound. */
export class ApiClient {
  declare readonly activeOrigin: () => string;
  /** Resolves with parsed JSON, or null for a 2xx without (valid) JSON. Rejects with `PaywallError` only. */
  declare readonly request: <T>(path: string, init?: ApiRequestInit) => Promise<T>;

  constructor(options: ApiClientOptions) {
    const { activeOrigin, send } = createTransport(options);
    this.activeOrigin = activeOrigin;
    this.request = async <T>(path: string, init: ApiRequestInit = {}): Promise<T> => {
      const { replayable = /^(GET|HEAD)$/i.test(init.method ?? "GET"), ...rest } = init;
      const headers = new Headers(init.headers);
      headers.set("Accept", "application/json");
      return send(
        path,
        { ...rest, headers },
        {
          replayable,
          json: typeof init.body === "string",
          // An upload over a slow line takes as long as it takes.
          deadlines: !(init.body instanceof FormData),
          async read(response) {
            const body = await readJson(response);
            if (!response.ok) throw errorFromResponse(response.status, response.statusText, body);
            return body as T;
          },
        },
      );
    };
  }
}
