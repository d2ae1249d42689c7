import { createHash, randomBytes } from "node:crypto";
import { saveOAuthClient } from "../src/domains/tenants/index.ts";
import { newestMail } from "./identity.ts";
import type { TestServer } from "./kit.ts";
import type { Shop } from "./shop.ts";

export const MACHINE_SECRET = "a secret that nobody guesses";

/** Registers `<name>` for pages on `https://www.<name>.example` and `<name>-backend` for a back end. */
export async function createLoginClients(server: TestServer, shop: Shop, name: string): Promise<void> {
  await server.deps.db.transaction(async (tx) => {
    const common = { tenantId: shop.tenantId, name };
    await saveOAuthClient(tx, server.deps, {
      ...common,
      clientId: name,
      kind: "browser",
      origins: [`https://www.${name}.example`],
      scopes: [],
    });
    await saveOAuthClient(tx, server.deps, {
      ...common,
      clientId: `${name}-backend`,
      kind: "machine",
      origins: [],
      scopes: ["paywall:read", "profile:user:read"],
      secret: MACHINE_SECRET,
    });
  });
}

export const newVerifier = (): string => randomBytes(32).toString("base64url");
export const challengeOf = (verifier: string): string =>
  createHash("sha256").update(verifier).digest("base64url");

export type TokenAnswer = {
  access_token: string;
  id_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
  token_type: string;
  error?: string;
  error_description?: string;
};

/** A browser in front of the login service: it keeps cookies, and nothing else. */
export class LoginBrowser {
  readonly cookies = new Map<string, string>();
  readonly server: TestServer;
  /** What every request says besides. */
  headers: Record<string, string> = {};

  constructor(server: TestServer) {
    this.server = server;
  }

  async fetch(path: string, init: Parameters<TestServer["fetch"]>[1] = {}): Promise<Response> {
    const headers = new Headers({ ...this.headers, ...Object.fromEntries(new Headers(init.headers)) });
    if (this.cookies.size > 0) {
      headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const response = await this.server.fetch(path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  authorize(parameters: Record<string, string>): Promise<Response> {
    return this.fetch(`/authorize?${new URLSearchParams(parameters)}`);
  }

  /** Posts the login form at a login page's address, and follows to the login page that comes next, if one does. */
  async post(loginPage: string, fields: Record<string, string>): Promise<Response> {
    const response = await this.fetch(loginPage, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const next = response.headers.get("location") ?? "";
    return next.startsWith("/u/login?") ? this.fetch(next) : response;
  }

  /** Asks for a code by mail, types it in, and returns what the browser is answered. */
  async signIn(loginPage: string, email: string): Promise<Response> {
    const asked = await this.post(loginPage, { username: email, action: "code" });
    if (asked.status !== 200) throw new Error(`no code was sent: ${await asked.text()}`);
    const mail = await newestMail(this.server, email.toLowerCase());
    return this.post(loginPage, { username: email, code: mail?.code ?? "" });
  }
}

/** An authorization request in order, as the published client sends it. */
export const loginRequest = (
  clientId: string,
  verifier: string,
  more: Record<string, string> = {},
): Record<string, string> => ({
  client_id: clientId,
  response_type: "code",
  response_mode: "query",
  redirect_uri: `https://www.${clientId}.example/article?page=2#comments`,
  scope: "openid profile email offline_access",
  state: "c3RhdGU=",
  nonce: "bm9uY2U=",
  code_challenge: challengeOf(verifier),
  code_challenge_method: "S256",
  ...more,
});

export async function tokens(
  server: TestServer,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: TokenAnswer; headers: Headers }> {
  const response = await server.fetch("/oauth/token", {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as TokenAnswer,
    headers: response.headers,
  };
}

/** Signs somebody in from the first request to the tokens. */
export async function loggedIn(
  server: TestServer,
  clientId: string,
  email: string,
  more: Record<string, string> = {},
): Promise<{
  browser: LoginBrowser;
  code: string;
  redirectUri: string;
  verifier: string;
  answer: TokenAnswer;
}> {
  const browser = new LoginBrowser(server);
  const verifier = newVerifier();
  const request = loginRequest(clientId, verifier, more);
  const redirectUri = request.redirect_uri ?? "";
  const started = await browser.authorize(request);
  const done = await browser.signIn(started.headers.get("location") ?? "", email);
  const code = new URL(done.headers.get("location") ?? "").searchParams.get("code") ?? "";
  const exchange = { grant_type: "authorization_code", client_id: clientId, code };
  const { status, body } = await tokens(server, {
    ...exchange,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  if (status !== 200) throw new Error(`nobody was signed in: ${JSON.stringify(body)}`);
  return { browser, code, redirectUri, verifier, answer: body };
}
