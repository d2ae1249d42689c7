import { loadConfig } from "./config.ts";

type Session = { accessToken: string; refreshToken: string | null; expiresAt: number; email: string | null };

/** What a reader was about to do when we sent them to sign in. */
export type Intent = { kind: "buy"; paywall: string; option: string } | { kind: "read" };

const SESSION = "lantern-session";
const READER = "lantern-reader";
const PENDING = "lantern-sign-in";
/** A token is not used in its last minute, which may pass on the way. */
const MARGIN_MS = 60_000;

/** Storage that may be switched off: then a page forgets, and nothing breaks. */
const keep = (store: () => Storage) => ({
  get(key: string): string | null {
    try {
      return store().getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) store().removeItem(key);
      else store().setItem(key, value);
    } catch {
      // Forgotten at the end of the page.
    }
  },
});
export const lasting = keep(() => localStorage);
export const forThisTab = keep(() => sessionStorage);

function read<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

const stored = (): Session | null => read<Session>(lasting.get(SESSION));

export const isSignedIn = (): boolean => stored() !== null;
export const emailOf = (): string | null => stored()?.email ?? null;
export const forget = (): void => lasting.set(SESSION, null);

/** This browser's own name for the meter, made once; `null` as text where nothing can be kept. */
export function readerId(): string {
  const known = lasting.get(READER);
  if (known) return known;
  const made = crypto.randomUUID();
  lasting.set(READER, made);
  return lasting.get(READER) ?? "null";
}

/** The header that says who asks: the reader who signed in, or else this browser. */
export async function authorization(): Promise<string> {
  const token = await accessToken();
  const { clientId } = await loadConfig();
  return token ? `Bearer ${token}` : `Basic ${btoa(`${clientId}|${readerId()}:`)}`;
}

/** An address of our own account pages, with the proof of who comes where no server and no history sees it. */
export async function withToken(address: string): Promise<string> {
  const url = new URL(address);
  url.searchParams.set("sesamy-redirect-url", location.href);
  const token = await accessToken();
  if (token) url.hash = new URLSearchParams({ access_token: token }).toString();
  return url.href;
}

async function accessToken(): Promise<string | null> {
  const session = stored();
  if (!session) return null;
  if (session.expiresAt - MARGIN_MS > Date.now()) return session.accessToken;
  // One tab at a time: a refresh token is good for one use.
  return "locks" in navigator ? navigator.locks.request(SESSION, refresh) : refresh();
}

async function refresh(): Promise<string | null> {
  const session = stored();
  if (!session) return null;
  if (session.expiresAt - MARGIN_MS > Date.now()) return session.accessToken;
  if (!session.refreshToken) return end();
  const { apiOrigin, clientId } = await loadConfig();
  const response = await fetch(`${apiOrigin}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: clientId ?? "",
      refresh_token: session.refreshToken,
    }),
  });
  // Only a refusal ends a session; trouble on the way does not.
  if (response.status >= 500) throw new Error(`token: ${response.status}`);
  if (!response.ok) return end();
  return store(await response.json());
}

function end(): null {
  forget();
  return null;
}

type Tokens = { access_token: string; refresh_token?: string; id_token: string; expires_in: number };

function store(tokens: Tokens): string {
  const { email } = claimsIn(tokens.id_token);
  const session: Session = {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresAt: Date.now() + tokens.expires_in * 1000,
    email: email ?? null,
  };
  lasting.set(SESSION, JSON.stringify(session));
  return session.accessToken;
}

function claimsIn(token: string): { nonce?: string; email?: string } {
  const part = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(part), (it) => it.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as { nonce?: string; email?: string };
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const chance = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

type Pending = { state: string; nonce: string; verifier: string; redirectUri: string; intent: Intent };

/** Leaves for the login service, and comes back to this page. */
export async function signIn(intent: Intent = { kind: "read" }): Promise<void> {
  const { apiOrigin, clientId } = await loadConfig();
  const pending: Pending = {
    state: chance(),
    nonce: chance(),
    verifier: chance(),
    redirectUri: location.origin + location.pathname,
    intent,
  };
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
  forThisTab.set(PENDING, JSON.stringify(pending));
  const query = new URLSearchParams({
    client_id: clientId ?? "",
    response_type: "code",
    response_mode: "query",
    redirect_uri: pending.redirectUri,
    scope: "openid profile email offline_access",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: "S256",
    ui_locales: "en",
  });
  location.assign(`${apiOrigin}/authorize?${query}`);
}

export type Returned = { intent: Intent | null; problem: string | null };

/** Completes a sign-in that this page was left for; says what the reader was about to do. */
export async function completeSignIn(): Promise<Returned> {
  const url = new URL(location.href);
  const [code, state, error] = ["code", "state", "error"].map((name) => url.searchParams.get(name));
  if (!state || !(code || error)) return { intent: null, problem: null };
  const pending = read<Pending>(forThisTab.get(PENDING));
  forThisTab.set(PENDING, null);
  cleanAddress("code", "state", "error", "error_description", "iss");
  const failed = (problem: string): Returned => ({ intent: null, problem });
  // An answer that was not asked for here is somebody else's.
  if (!pending || pending.state !== state)
    return failed("That sign-in was not begun in this tab. Please sign in again.");
  if (!code) return failed("The sign-in was not finished.");
  try {
    const { apiOrigin, clientId } = await loadConfig();
    const response = await fetch(`${apiOrigin}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: clientId ?? "",
        code,
        redirect_uri: pending.redirectUri,
        code_verifier: pending.verifier,
      }),
    });
    if (!response.ok) return failed("The sign-in did not work. Please try again.");
    const tokens = (await response.json()) as Tokens;
    if (claimsIn(tokens.id_token).nonce !== pending.nonce)
      return failed("The sign-in did not work. Please try again.");
    store(tokens);
    return { intent: pending.intent, problem: null };
  } catch {
    return failed("We could not reach the sign-in. Please try again.");
  }
}

/** Ends the session here and at the login service, and comes back to the front page. */
export async function signOut(): Promise<void> {
  const { apiOrigin, clientId, siteUrl } = await loadConfig();
  forget();
  const returnTo = `${location.origin}${new URL(siteUrl).pathname}/`;
  location.assign(`${apiOrigin}/v2/logout?${new URLSearchParams({ client_id: clientId ?? "", returnTo })}`);
}

/** Takes what is not for readers' eyes, or for those they send the address to, out of it. */
export function cleanAddress(...names: string[]): void {
  const url = new URL(location.href);
  for (const name of names) url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}
