import { AuthenticationError, TollgateError } from "./errors.ts";
import { type Patience, request } from "./requests.ts";

/** Who calls. `authorization` is the whole header; `renew` is asked for once a 401 has come. */
export type Credentials = {
  authorization(): Promise<string>;
  /** False when there is nothing newer to try. */
  renew(): boolean;
};

export const apiKeyCredentials = (apiKey: string): Credentials => ({
  authorization: async () => `Bearer ${apiKey}`,
  renew: () => false,
});

/** A token that is about to expire might have expired when it arrives. */
const EARLY_MS = 60_000;

export type ClientCredentials = {
  clientId: string;
  clientSecret: string;
  tokenUrl: string;
  audience?: string;
};

/** A token by client credentials, kept until a minute before its end; who asks meanwhile waits for the same one. */
export function clientCredentials(options: ClientCredentials, patience: Patience): Credentials {
  let token: Promise<{ header: string; untilMs: number }> | null = null;

  async function fetchToken() {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: options.clientId,
      client_secret: options.clientSecret,
      ...(options.audience ? { audience: options.audience } : {}),
    });
    const startedMs = Date.now();
    const { text } = await request(options.tokenUrl, { method: "POST", body }, patience);
    const answer = parse(text);
    if (typeof answer.access_token !== "string") {
      throw new AuthenticationError("unknown_error", "The token endpoint gave no token.");
    }
    const seconds = typeof answer.expires_in === "number" ? answer.expires_in : 0;
    return { header: `Bearer ${answer.access_token}`, untilMs: startedMs + seconds * 1000 - EARLY_MS };
  }

  return {
    async authorization() {
      const before = token;
      const known = await before?.catch(() => null);
      if (known && known.untilMs > Date.now()) return known.header;
      // Somebody else may have asked for the next one meanwhile.
      if (token === before || token === null) token = fetchToken();
      return (await token).header;
    },
    renew() {
      token = null;
      return true;
    },
  };
}

function parse(text: string): { access_token?: unknown; expires_in?: unknown } {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TollgateError("unknown_error", text, { cause });
  }
}
