import type { CustomFetch } from "openid-client";
import type { SafeFetch } from "../../../platform/safe-fetch/index.ts";

export const SOCIAL_PROVIDERS = ["google", "apple", "github", "facebook"] as const;
export type SocialProvider = (typeof SOCIAL_PROVIDERS)[number];

export const isSocialProvider = (text: string): text is SocialProvider =>
  (SOCIAL_PROVIDERS as readonly string[]).includes(text);

/** Where a provider is when it is not at its usual address, and Apple's names for team and key. */
export type ProviderOptions = { issuer?: string; baseUrl?: string; teamId?: string; keyId?: string };

/** What a tenant was given by a provider. `secret` is the client secret, or Apple's team key as PEM. */
export type ProviderCredentials = {
  provider: SocialProvider;
  clientId: string;
  secret: string;
  options: ProviderOptions;
};

/** Who somebody is at a provider. `email` counts for something only when `emailVerified`. */
export type ProviderProfile = {
  /** The provider's own id for the person, which never changes hands. */
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  picture: string | null;
};

export type ProviderRequest = {
  credentials: ProviderCredentials;
  redirectUri: string;
  state: string;
  nonce: string;
  pkceVerifier: string;
  /** Beyond what signing in needs. */
  scopes: string[];
};

/** What came back through the browser, and what we remember of the request. `state` was found to be ours. */
export type ProviderAnswer = Omit<ProviderRequest, "scopes"> & { params: URLSearchParams };

/** What an adapter works with. `send` goes through safe-fetch and knows no other way out. */
export type ProviderTools = {
  now(): Date;
  send: SafeFetch["send"];
  fetch: CustomFetch;
};

/** One provider: how to send somebody there, and how to learn who came back. */
export interface ProviderAdapter {
  authorizeUrl(tools: ProviderTools, request: ProviderRequest): Promise<URL>;
  /** @throws ProviderFailure or whatever the network throws. */
  readProfile(tools: ProviderTools, answer: ProviderAnswer): Promise<ProviderProfile>;
}

/** The provider answered, and what it said proves nobody. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
}

/** What went wrong, for the log: messages only, because the library's errors carry what was sent and received. */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  for (let it = error; it instanceof Error && parts.length < 5; it = it.cause) {
    const code = "code" in it ? ` (${String(it.code)})` : "";
    parts.push(`${it.message || it.name}${code}`);
  }
  return parts.join(": ") || "unknown";
}

export const PROVIDER_TIMEOUT_MS = 10_000;
export const PROVIDER_BYTES_MAX = 512 * 1024;

/** Reads a provider's JSON with an access token. @throws ProviderFailure for anything but a JSON 2xx. */
export async function getJson(
  tools: ProviderTools,
  url: URL,
  accessToken: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await tools.send({
    url: url.href,
    method: "GET",
    headers: {
      accept: "application/json",
      "user-agent": "Tollgate",
      authorization: `Bearer ${accessToken}`,
      ...headers,
    },
    timeoutMs: PROVIDER_TIMEOUT_MS,
    maxResponseBytes: PROVIDER_BYTES_MAX,
  });
  if (response.status < 200 || response.status > 299)
    throw new ProviderFailure(`${url.origin}${url.pathname} answered ${response.status}`);
  try {
    return JSON.parse(response.body.toString("utf8"));
  } catch {
    throw new ProviderFailure(`${url.origin}${url.pathname} did not answer with JSON`);
  }
}
