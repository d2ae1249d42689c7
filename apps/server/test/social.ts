import { Hono } from "hono";
import {
  providerRedirectUri,
  type SocialProvider,
  saveProviderCredentials,
} from "../src/domains/identity/index.ts";
import { type AppEnv, requestContext } from "../src/http/context.ts";
import { type RunningServer, serve } from "../src/http/server.ts";
import { sha256 } from "../src/platform/crypto.ts";
import {
  registerSandboxApp,
  sandboxIdentityRoutes,
  sandboxIssuer,
} from "../src/surfaces/sandbox-identity/index.ts";
import { startTestServer, type TestServer } from "./kit.ts";
import type { Shop } from "./shop.ts";

export type SignedInBody = {
  access_token: string;
  refresh_token: string;
  user: {
    id: string;
    email: string | null;
    name: string | null;
    avatar: string | null;
    is_anonymous: boolean;
  };
  code?: string;
};

/** A company on the network that a test writes: answers at an address of its own over real HTTP. */
export async function startCompany(
  app: Hono<AppEnv> = new Hono<AppEnv>(),
): Promise<RunningServer & { origin: string; app: Hono<AppEnv> }> {
  const running = await serve(app, { host: "127.0.0.1", port: 0 });
  return { ...running, app, origin: `http://127.0.0.1:${running.port}` };
}

/** A test server, and the sandbox that plays the providers at an address of its own, reached over real HTTP. */
export async function startWithProviders(
  options: Parameters<typeof startTestServer>[0] & { allow?: string[] } = {},
) {
  const company = await startCompany();
  const server = await startTestServer({
    ...options,
    config: { ...options.config, identityAllowedOrigins: [company.origin, ...(options.allow ?? [])] },
  });
  company.app.use(requestContext(server.deps));
  company.app.route("/", sandboxIdentityRoutes(server.deps, { origin: () => company.origin }));
  return {
    server,
    origin: company.origin,
    async stop() {
      await company.stop();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Registers a shop's app at the sandbox and keeps what it hands out, as `tollgate apply` would. */
export async function useProvider(
  server: TestServer,
  shop: Shop,
  provider: SocialProvider,
  origin: string,
): Promise<{ clientId: string; secret: string }> {
  const { deps } = server;
  const clientId = `${shop.slug}-web`;
  const redirectUri = providerRedirectUri(deps.config.baseUrl, provider);
  const made = await registerSandboxApp(deps.db, deps, { provider, clientId, redirectUri });
  const at = sandboxIssuer(origin, provider);
  const { secret, teamId, keyId } = made;
  const options =
    provider === "google"
      ? { issuer: at }
      : provider === "apple"
        ? { issuer: at, teamId, keyId }
        : { baseUrl: at };
  await deps.db.transaction((tx) =>
    saveProviderCredentials(tx, deps, {
      tenantId: shop.tenantId,
      provider,
      clientId,
      secret,
      options: options as { issuer?: string; baseUrl?: string; teamId?: string; keyId?: string },
      state: "active",
      now: deps.clock.now(),
    }),
  );
  return { clientId, secret };
}

export const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const challengeOf = (verifier: string): string => sha256(verifier).toString("base64url");

/** One person's way through a sign-in, step by step, as a browser goes it. */
export function socialSteps(server: TestServer) {
  const init = (
    shop: Shop,
    provider: string,
    options: {
      headers?: Record<string, string>;
      verifier?: string;
      body?: Record<string, unknown>;
      from?: string;
    } = {},
  ) =>
    server.post<{ authorize_url: string; code?: string }>(
      shop.api("auth/oauth/init"),
      {
        provider,
        code_challenge: challengeOf(options.verifier ?? VERIFIER),
        code_challenge_method: "s256",
        ...options.body,
      },
      options.headers,
      options.from,
    );

  /** Chooses somebody on the provider's page and returns the request that the browser then makes. */
  async function choose(
    authorizeUrl: string,
    form: Record<string, string>,
  ): Promise<{ url: string; body?: string }> {
    const response = await fetch(authorizeUrl, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(form),
    });
    const location = response.headers.get("location");
    if (location) return { url: location };
    const html = await response.text();
    const plain = (text: string) =>
      text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
    const url = /action="([^"]+)" id="back"/.exec(html)?.[1];
    if (!url) throw new Error(`the provider answered ${response.status}: ${html.slice(-600)}`);
    const fields = [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const body = new URLSearchParams(
      fields.map(([, name, value]): [string, string] => [name!, plain(value!)]),
    );
    return { url: plain(url), body: body.toString() };
  }

  /** Comes back from the provider and returns the address of the callback page. */
  async function comeBack(request: { url: string; body?: string | undefined }): Promise<URL> {
    const response = await server.fetch(request.url, {
      ...(request.body !== undefined && {
        method: "POST",
        body: request.body,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    });
    const location = response.headers.get("location");
    if (response.status !== 303 || !location) throw new Error(`came back to ${response.status}`);
    return new URL(location);
  }

  const exchange = (
    shop: Shop,
    code: string | null,
    options: { verifier?: string; body?: Record<string, unknown>; from?: string } = {},
  ) =>
    server.post<SignedInBody>(
      shop.api("auth/oauth/exchange"),
      { auth_code: code, code_verifier: options.verifier ?? VERIFIER, ...options.body },
      undefined,
      options.from,
    );

  /** Everything up to the callback page. */
  async function callback(
    shop: Shop,
    provider: string,
    form: Record<string, string>,
    options: Parameters<typeof init>[2] = {},
  ): Promise<URL> {
    const started = await init(shop, provider, options);
    if (started.status !== 200) throw new Error(`no start: ${JSON.stringify(started.body)}`);
    return comeBack(await choose(started.body.authorize_url, form));
  }

  /** A whole sign-in. */
  async function signIn(
    shop: Shop,
    provider: string,
    form: Record<string, string>,
    options: Parameters<typeof init>[2] & { exchange?: Record<string, unknown> } = {},
  ) {
    const { exchange: body, ...rest } = options;
    const back = await callback(shop, provider, form, rest);
    return exchange(shop, back.searchParams.get("code"), body ? { body } : {});
  }

  return { init, choose, comeBack, exchange, callback, signIn };
}

/** What a callback page is told in its fragment. */
export const failureOf = (callback: URL): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(callback.hash.slice(1)));
