import type { PaywallError } from "./errors.ts";
import type {
  AuthSession,
  LastLoginMethod,
  OAuthProvider,
  OAuthResumeCheckout,
  PopupWindow,
} from "./types.ts";

export interface OAuthOptions {
  provider: OAuthProvider;
  scopes?: string | string[];
  userMeta?: Record<string, string>;
  /** Signs into the account that owns the provider's identity, rather than linking it to the present user. */
  switchAccount?: boolean;
}

export interface OAuthSignInOptions extends OAuthOptions {
  /** Called once the popup exists, before anything comes of it. */
  onPopupOpened?: () => void;
  /** For browser extensions, where the sign-in may outlive the page; elsewhere it has no effect. */
  resumeCheckout?: OAuthResumeCheckout;
}

export interface OAuthStart {
  authorize_url: string;
  state: string;
}

export interface OAuth {
  start(options: OAuthOptions): Promise<OAuthStart>;
  complete(answer: { state: string; code: string }): Promise<AuthSession>;
  signIn(options: OAuthSignInOptions): Promise<AuthSession>;
}

/**
 * What the flow needs of the client that it belongs to. All of it comes in here, and nothing by import, so that
 * an application's bundler does not cut the core in pieces for this file's sake.
 */
interface Deps<Body> {
  refuse(code: string, message: string, cause?: unknown): PaywallError;
  tell(callback: () => void): void;
  post<T>(path: string, body: object, init?: { bearer?: string }): Promise<T>;
  attributed(body: object, userMeta?: Record<string, string>): Promise<object>;
  bearer(): Promise<string | null>;
  remember(method: LastLoginMethod, email?: string | null): Promise<void>;
  signedIn(body: Body): Promise<AuthSession>;
  openPopup?: (url: string, name: string) => PopupWindow | null;
  /** Aborted when the client is destroyed. */
  life: AbortSignal;
}

interface PendingFlow {
  verifier: string;
  options: OAuthOptions;
  startedAt: number;
}

/** What the callback page tells its opener. */
interface PopupMessage {
  type?: string;
  messageId?: string;
  status?: "success" | "error";
  code?: string;
  error?: string;
  errorCode?: string;
  description?: string;
}

const POPUP_WAIT_MS = 5 * 60_000;
const CLOSED_POLL_MS = 500;
/** The callback page closes itself right after its message, which may be overtaken by the news of the closing. */
const LAST_WORD_MS = 100;
const PENDING_LIFE_MS = 10 * 60_000;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/**
 * OAuth in a popup with PKCE: the verifier never leaves this page's memory, and the state that names the popup
 * is what its answer must repeat. Loaded on first use, since most visits need none of it.
 */
export function createOAuth<Body>(deps: Deps<Body>): OAuth {
  const { refuse, life } = deps;
  const pending = new Map<string, PendingFlow>();

  const start = async (options: OAuthOptions): Promise<OAuthStart> => {
    const { subtle } = crypto;
    if (!subtle) throw refuse("oauth_unavailable", "Signing in with a provider needs a secure page (https)");
    const random = (length: number) => base64url(crypto.getRandomValues(new Uint8Array(length)));
    const { provider, scopes } = options;
    const verifier = random(64);
    const digest = await subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const bearer = (!options.switchAccount && (await deps.bearer())) || undefined;
    const { authorize_url } = await deps.post<OAuthStart>(
      "oauth/init",
      {
        provider,
        scopes,
        code_challenge: base64url(new Uint8Array(digest)),
        code_challenge_method: "s256",
      },
      { bearer },
    );
    // One that begins with `javascript:` would run in the host's page.
    if (!/^https?:/i.test(authorize_url))
      throw refuse("oauth_failed", "The server did not say where to sign in");
    const state = random(16);
    pending.set(state, { verifier, options, startedAt: Date.now() });
    await deps.remember(provider);
    return { authorize_url, state };
  };

  const complete = async ({ state, code }: { state: string; code: string }): Promise<AuthSession> => {
    const flow = pending.get(state);
    pending.delete(state);
    if (!flow || Date.now() - flow.startedAt > PENDING_LIFE_MS)
      throw refuse("oauth_invalid_state", "This sign-in was not started here or is too old");
    const { verifier, options } = flow;
    try {
      const proof = { auth_code: code, code_verifier: verifier };
      const body = await deps.attributed(proof, options.userMeta);
      const session = await deps.signedIn(await deps.post<Body>("oauth/exchange", body));
      await deps.remember(options.provider, session.user.email);
      return session;
    } catch (error) {
      // Not delivered, so the code may still be good.
      if ((error as PaywallError).code === "network_error") pending.set(state, flow);
      throw error;
    }
  };

  /** Waits for the callback page's answer; whatever happens, no listener, timer or popup is left behind. */
  const answerOf = (popup: PopupWindow, state: string): Promise<string> => {
    const ended = new AbortController();
    let poll: ReturnType<typeof setInterval> | undefined;
    let timeout: ReturnType<typeof setTimeout> | undefined;
    return new Promise<string>((resolve, reject) => {
      const fail = (code: string, message: string, cause?: unknown) => reject(refuse(code, message, cause));
      const { signal } = ended;
      const abort = () => fail("aborted", "The client was destroyed");
      if (life.aborted) abort();
      life.addEventListener("abort", abort, { signal });
      timeout = setTimeout(() => fail("oauth_timeout", "The sign-in took too long"), POPUP_WAIT_MS);
      poll = setInterval(() => {
        if (!popup.closed) return;
        clearInterval(poll);
        poll = setTimeout(() => fail("oauth_cancelled", "The sign-in window was closed"), LAST_WORD_MS);
      }, CLOSED_POLL_MS);
      addEventListener(
        "message",
        ({ data, source }: MessageEvent<PopupMessage | null>) => {
          if (data?.type !== "pw-oauth" || data.messageId !== state) return;
          // Nobody else should know the state; if somebody does, they still are not the popup.
          if (source && source !== popup) return;
          if (data.status === "success" && data.code) resolve(data.code);
          else {
            const words = [data.errorCode, data.description, data.error].filter(Boolean).join(": ");
            fail(
              /identity_already_exists|already linked/i.test(words)
                ? "oauth_identity_already_linked"
                : "oauth_failed",
              words || "The provider refused the sign-in",
              data,
            );
          }
        },
        { signal },
      );
    }).finally(() => {
      ended.abort();
      clearInterval(poll);
      clearTimeout(timeout);
      popup.close();
    });
  };

  return {
    start,
    complete,
    async signIn(options) {
      const { authorize_url, state } = await start(options);
      const open =
        deps.openPopup ?? ((url, name) => window.open(url, name, "width=480,height=640,popup=yes"));
      try {
        const popup = open(authorize_url, `pw-oauth-${state}`);
        if (!popup) throw refuse("popup_blocked", "The browser blocked the sign-in window");
        if (options.onPopupOpened) deps.tell(options.onPopupOpened);
        return await complete({ state, code: await answerOf(popup, state) });
      } finally {
        pending.delete(state);
      }
    },
  };
}
