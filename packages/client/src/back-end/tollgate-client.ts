import { LIBRARY_NAME, LIBRARY_VERSION } from "../version.ts";
import { apiKeyCredentials, type Credentials, clientCredentials } from "./credentials.ts";
import { AuthenticationError, ValidationError } from "./errors.ts";
import { createPaywalls, type Paywalls } from "./paywalls.ts";
import type { Patience } from "./requests.ts";

/** The documented hosts; a server of your own is named by `baseUrl`. */
const HOSTS = {
  production: "https://api2.sesamy.com",
  staging: "https://staging-api.sesamy.com",
  development: "http://127.0.0.1:4000",
} as const;

export type Environment = keyof typeof HOSTS;

export interface TollgateClientOptions {
  /** A secret key of the Management API. */
  apiKey?: string;
  /** With `clientSecret`, instead of a key: a token is fetched when it is needed. */
  clientId?: string;
  clientSecret?: string;
  /** `{baseUrl}/oauth/token` without it. */
  tokenUrl?: string;
  audience?: string;
  /** Where the server is. Goes before `environment`. */
  baseUrl?: string;
  /** `production` without it. */
  environment?: Environment;
  /** Kept for the caller; the server knows the vendor by the credentials. */
  vendorId?: string;
  /** For one attempt; 30000 without it. */
  timeoutMs?: number;
  /** After 429, 5xx and what the network lost; 3 without it. */
  maxRetries?: number;
  /** False asks the server every time. */
  cache?: boolean;
  fetch?: typeof fetch;
}

/**
 * The Management API for a back end, with retries, timeouts and a cache.
 *
 * @example
 * const tollgate = new TollgateClient({ apiKey: "sk_…", baseUrl: "https://pay.example.com" });
 * const paywall = await tollgate.management.paywalls.get("pw_…");
 */
export class TollgateClient {
  readonly management: { readonly paywalls: Paywalls };
  readonly vendorId?: string;
  readonly #clear: () => void;

  /** @throws AuthenticationError without a key or client credentials, ValidationError for an environment it does not know */
  constructor(options: TollgateClientOptions) {
    const baseUrl = baseUrlOf(options);
    const patience: Patience = {
      timeoutMs: options.timeoutMs ?? 30_000,
      maxRetries: options.maxRetries ?? 3,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    };
    const { paywalls, clear } = createPaywalls(
      {
        baseUrl,
        headers: { Accept: "application/json", "X-Sesamy-Client": `${LIBRARY_NAME}/${LIBRARY_VERSION}` },
        cache: options.cache ?? true,
      },
      credentialsOf(options, baseUrl, patience),
      patience,
    );
    this.management = { paywalls };
    this.#clear = clear;
    this.vendorId = options.vendorId;
  }

  /** Forgets every answer, and asks caches on the way for newer ones from now on. */
  clearCache(): void {
    this.#clear();
  }
}

function baseUrlOf({ baseUrl, environment = "production" }: TollgateClientOptions): string {
  if (baseUrl) return baseUrl.replace(/\/+$/, "");
  if (!Object.hasOwn(HOSTS, environment)) {
    throw new ValidationError("validation_error", `There is no environment called ${environment}.`);
  }
  return HOSTS[environment];
}

function credentialsOf(options: TollgateClientOptions, baseUrl: string, patience: Patience): Credentials {
  // A line break at the end of a secret's file is no part of the secret.
  const apiKey = options.apiKey?.trim();
  if (apiKey) return apiKeyCredentials(apiKey);
  const { clientId, clientSecret, tokenUrl = `${baseUrl}/oauth/token`, audience } = options;
  if (clientId && clientSecret) {
    return clientCredentials({ clientId, clientSecret, tokenUrl, audience }, patience);
  }
  throw new AuthenticationError(
    "authentication_required",
    "An apiKey is needed, or a clientId with its clientSecret.",
  );
}
