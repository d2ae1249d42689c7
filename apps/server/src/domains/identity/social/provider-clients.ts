import type { CustomFetch } from "openid-client";
import type { Deps } from "../../../platform/deps.ts";
import { createSafeFetch, type SafeFetch } from "../../../platform/safe-fetch/index.ts";
import { facebook, github } from "./oauth2.ts";
import { apple, google } from "./oidc.ts";
import {
  PROVIDER_BYTES_MAX,
  PROVIDER_TIMEOUT_MS,
  type ProviderAdapter,
  type ProviderAnswer,
  type ProviderProfile,
  type ProviderRequest,
  type ProviderTools,
  type SocialProvider,
} from "./provider.ts";

const ADAPTERS: Record<SocialProvider, ProviderAdapter> = { google, apple, github, facebook };

/** The way out to identity providers, and what was learnt about them; one per process. */
export interface ProviderClients {
  authorizeUrl(request: ProviderRequest): Promise<URL>;
  readProfile(answer: ProviderAnswer): Promise<ProviderProfile>;
}

/** Providers' addresses come out of apply files, so every request goes through safe-fetch. */
export function createProviderClients(deps: Pick<Deps, "clock" | "config">): ProviderClients {
  const safeFetch = createSafeFetch({ allowedOrigins: deps.config.identityAllowedOrigins });
  const tools: ProviderTools = {
    now: () => deps.clock.now(),
    send: (request) => safeFetch.send(request),
    fetch: toFetch(safeFetch),
  };
  return {
    authorizeUrl: (request) => ADAPTERS[request.credentials.provider].authorizeUrl(tools, request),
    readProfile: (answer) => ADAPTERS[answer.credentials.provider].readProfile(tools, answer),
  };
}

/** Safe-fetch in the shape that the library asks for. */
function toFetch(safeFetch: SafeFetch): CustomFetch {
  return async (url, { method, headers, body }) => {
    if (method !== "GET" && method !== "POST") throw new Error(`${method} is not sent to providers`);
    const response = await safeFetch.send({
      url,
      method,
      headers,
      ...(body !== null && body !== undefined && { body: String(body) }),
      timeoutMs: PROVIDER_TIMEOUT_MS,
      maxResponseBytes: PROVIDER_BYTES_MAX,
    });
    const fields = Object.entries(response.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((it): [string, string] => [name, it]),
    );
    const empty = response.status === 204 || response.status === 304;
    return new Response(empty ? null : new Uint8Array(response.body), {
      status: response.status,
      headers: fields,
    });
  };
}
