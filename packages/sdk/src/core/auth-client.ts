import { ApiClient } from "./api-client.ts";
import { callSafely } from "./emitter.ts";
import { PaywallError } from "./errors.ts";
import type { OAuth, OAuthOptions, OAuthSignInOptions, OAuthStart } from "./oauth.ts";
import { createShare } from "./promises.ts";
import { createSessionStore } from "./session-store.ts";
import { createStorage, readItem, STORAGE_KEYS, storedVisitorId, writeItem } from "./storage.ts";
import type {
  AuthChangeEvent,
  AuthChangeListener,
  AuthSession,
  AuthUser,
  FetchLike,
  LastLogin,
  LastLoginMethod,
  OtpVerifyType,
  PopupWindow,
  SignUpResult,
  StorageAdapter,
  UpgradeAnonymousResult,
} from "./types.ts";

export interface AuthClientOptions {
  paywallId: string;
  apiOrigin: string;
  storage?: StorageAdapter;
  fetch?: FetchLike;
  edgeFallback?: false | string;
  /** Default: `window.open` with 480×640. Null means that the browser refused. */
  openPopup?: (url: string, name: string) => PopupWindow | null;
}

type UserMeta = Record<string, string>;

export interface EmailCredentials {
  email: string;
  password: string;
  userMeta?: UserMeta;
  idempotencyKey?: string;
}

interface TokensBody {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  expires_at: number | null;
  user?: Partial<AuthUser>;
}

interface StatusBody extends TokensBody {
  status: string;
  email?: string;
}

const REFRESH_LEEWAY_MS = 60_000;
/** A server time further off than this says that the device's clock is wrong. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A signed-in person who can be billed; a guest session is not one. */
export const isRealSession = (session: AuthSession | null | undefined): session is AuthSession =>
  !!session && !session.user.is_anonymous;

/**
 * Signs people in and keeps their session alive. One instance per page is enough; several contexts (tabs,
 * extension pages) share one session through storage.
 */
export class AuthClient {
  readonly paywallId: string;
  readonly apiOrigin: string;
  /** Resolves when the stored session has been read. Never rejects. */
  declare readonly ready: () => Promise<void>;
  declare readonly getCachedSession: () => AuthSession | null;
  declare readonly getCachedUser: () => AuthUser | null;
  declare readonly onAuthChange: (listener: AuthChangeListener) => () => void;
  /** A token that is good for at least a minute, refreshing it first if needed; null when signed out. */
  declare readonly getAccessToken: () => Promise<string | null>;
  /** Rotates the session. Null without one, and after a 401, which signs out; other failures reject. */
  declare readonly refresh: () => Promise<AuthSession | null>;
  declare readonly signInWithEmail: (credentials: EmailCredentials) => Promise<AuthSession>;
  declare readonly signUp: (credentials: EmailCredentials) => Promise<SignUpResult>;
  declare readonly resendConfirmation: (input: { email: string; idempotencyKey?: string }) => Promise<void>;
  declare readonly requestPasswordReset: (input: { email: string }) => Promise<void>;
  declare readonly updatePassword: (input: { password: string }) => Promise<void>;
  /** Mails a six-digit code. Resolves whether or not the address is known. */
  declare readonly sendOtp: (input: {
    email: string;
    createUser?: boolean;
    userMeta?: UserMeta;
  }) => Promise<void>;
  declare readonly verifyOtp: (input: {
    email: string;
    token: string;
    type?: OtpVerifyType;
    userMeta?: UserMeta;
  }) => Promise<AuthSession>;
  /**
   * Signs in through a popup. Call it in the click: browsers refuse a popup that comes seconds later. With a
   * session the provider is linked to that user, which a guest keeps their id by; `switchAccount` signs into
   * the account that owns the provider's identity instead. Rejects with the `oauth_*` codes, `popup_blocked`,
   * and `aborted` when the client is destroyed meanwhile.
   */
  declare readonly signInWithOAuth: (options: OAuthSignInOptions) => Promise<AuthSession>;
  /** The split form for hosts that show the provider's page themselves. A started flow lives ten minutes. */
  declare readonly startOAuthFlow: (options: OAuthOptions) => Promise<OAuthStart>;
  /** Trades the code of a started flow for a session. A code that could not be delivered may be sent again. */
  declare readonly completeOAuthFlow: (answer: { state: string; code: string }) => Promise<AuthSession>;
  /** Returns the guest of this device: the current one, else the remembered one, else a new one. */
  declare readonly signInAnonymously: (options?: {
    captchaToken?: string;
    userMeta?: UserMeta;
    forceNewAnon?: boolean;
  }) => Promise<AuthSession>;
  declare readonly upgradeAnonymousToEmail: (
    credentials: EmailCredentials,
  ) => Promise<UpgradeAnonymousResult>;
  /** Signs out here at once and tells the server afterwards. A guest stays resumable unless forgotten. */
  declare readonly signOut: (options?: { forgetAnonymous?: boolean }) => Promise<void>;
  /** Ends every session of this person; stays signed in when the server cannot be reached. */
  declare readonly revokeAllSessions: () => Promise<void>;
  declare readonly getLastLogin: () => Promise<LastLogin | null>;
  declare readonly isDestroyed: () => boolean;
  declare readonly destroy: () => void;

  constructor(options: AuthClientOptions) {
    const { paywallId } = options;
    const storage = createStorage(options.storage);
    const api = new ApiClient({ ...options, storage });
    const share = createShare();
    const store = createSessionStore(storage, paywallId);
    const guestKey = STORAGE_KEYS.anonRefreshToken(paywallId);
    let destroyed = false;
    const life = new AbortController();
    this.paywallId = paywallId;
    this.apiOrigin = options.apiOrigin;

    /** An answer without a body, which some proxies make of one, is an empty object. */
    const post = async <T>(
      path: string,
      body?: object,
      { bearer, idempotencyKey }: { bearer?: string; idempotencyKey?: string } = {},
    ): Promise<T> =>
      (await api.request<T | null>(`/api/v1/paywall/${paywallId}/auth/${path}`, {
        method: "POST",
        headers: {
          ...(bearer && { Authorization: `Bearer ${bearer}` }),
          ...(idempotencyKey && { "Idempotency-Key": idempotencyKey }),
        },
        body: body && JSON.stringify(body),
      })) ?? ({} as T);

    /** The stored visitor id links guest purchases of this device; it is never created just for a sign-in. */
    const visitor = async () => (await storedVisitorId(storage)) ?? undefined;

    /** A sign-in's body says on which device it happens, and what the merchant wants to remember. */
    const attributed = async (body: object, userMeta?: UserMeta) => ({
      ...body,
      visitor_id: await visitor(),
      user_meta: userMeta,
    });

    const save = async (key: string, value: string | null) => {
      if (!destroyed) await writeItem(storage, key, value);
    };

    /**
     * Makes the tokens the session. The server's word on the user counts, `known` fills what it leaves out. Its
     * expiry counts too, unless the device's clock is so wrong that it would say nothing here: a clock that
     * is ahead would refresh on every call, one that is behind would hand out dead tokens.
     */
    const adoptTokens = async (
      body: TokensBody,
      event: AuthChangeEvent,
      known: Partial<AuthUser> = {},
    ): Promise<AuthSession> => {
      if (!body.access_token) throw incomplete();
      const local = Date.now() + body.expires_in * 1000;
      const exact = body.expires_at == null ? local : body.expires_at * 1000;
      const user: AuthUser = { id: "", email: null, ...known, ...body.user };
      const session: AuthSession = {
        access_token: body.access_token,
        refresh_token: body.refresh_token,
        expires_at: Math.abs(exact - local) > CLOCK_TOLERANCE_MS ? local : exact,
        user,
      };
      const before = store.get()?.user;
      await store.set(session, event);
      if (user.is_anonymous) await save(guestKey, session.refresh_token);
      // The guest has become somebody: there is nobody left to resume.
      else if (known.is_anonymous || (before?.is_anonymous && before.id === user.id))
        await save(guestKey, null);
      return session;
    };

    const remember = async (method: LastLoginMethod, email?: string | null) => {
      await save(STORAGE_KEYS.lastLoginMethod(paywallId), method);
      if (email) await save(STORAGE_KEYS.lastLoginEmail(paywallId), email);
    };

    const bearerToken = async () => {
      const token = await this.getAccessToken();
      if (!token) throw refuse("not_authenticated", "Sign in first");
      return token;
    };

    const clear = () => store.set(null, "SIGNED_OUT");

    /**
     * The visitor id proves to the server that a token comes again from its own device, for instance because
     * the answer was lost when the network went or a tab was closed; anybody else who repeats it is a thief.
     */
    const rotate = async (refreshToken: string) =>
      post<TokensBody>("refresh", await attributed({ refresh_token: refreshToken }));

    const refreshNow = async (used: AuthSession, wrote: () => void): Promise<AuthSession | null> => {
      const spent = async () => (await store.reread())?.refresh_token !== used.refresh_token;
      // Another tab may have spent the token while we waited for the lock, or signed out since.
      if (destroyed || (await spent())) return store.get();
      try {
        const body = await rotate(used.refresh_token);
        if (await spent()) return store.get();
        wrote();
        return await adoptTokens(body, "TOKEN_REFRESHED", used.user);
      } catch (error) {
        if ((error as PaywallError).status !== 401) throw error;
        if (await spent()) return store.get();
        if (used.user.is_anonymous) await save(guestKey, null);
        await clear();
        return null;
      }
    };

    const resumeGuest = async (): Promise<AuthSession | null> => {
      const token = await readItem(storage, guestKey);
      if (!token) return null;
      try {
        return await adoptTokens(await rotate(token), "SIGNED_IN", { is_anonymous: true });
      } catch (error) {
        if ((error as PaywallError).status !== 401) throw error;
        await save(guestKey, null);
        return null;
      }
    };

    this.ready = store.ready;
    this.getCachedSession = store.get;
    this.getCachedUser = () => store.get()?.user ?? null;
    this.onAuthChange = store.subscribe;

    this.refresh = () =>
      share("refresh", async () => {
        await store.ready();
        const session = store.get();
        return session && underLock(`pw-${paywallId}-refresh`, (wrote) => refreshNow(session, wrote));
      });

    this.getAccessToken = async () => {
      await store.ready();
      const session = store.get() ?? (await store.reread());
      if (!session) return null;
      if (isFresh(session)) return session.access_token;
      try {
        return (await this.refresh())?.access_token ?? null;
      } catch {
        // The server decides whether the old one still counts.
        return session.access_token;
      }
    };

    this.signInWithEmail = async ({ email, password, userMeta, idempotencyKey }) => {
      const body = await attributed({ email, password }, userMeta);
      const session = await adoptTokens(await post("email/signin", body, { idempotencyKey }), "SIGNED_IN");
      await remember("email", email);
      return session;
    };

    this.signUp = async ({ email, password, userMeta, idempotencyKey }) => {
      const body = await attributed({ email, password }, userMeta);
      const answer = await post<StatusBody>("email/signup", body, { idempotencyKey });
      if (answer.status === "already_registered")
        return { kind: "already_registered", email: answer.email ?? email };
      await remember("email", email);
      if (answer.status === "confirmation_required")
        return {
          kind: "confirmation_required",
          user: { id: "", email, ...answer.user } as { id: string; email: string },
        };
      return { kind: "signed_in", session: await adoptTokens(answer, "SIGNED_IN") };
    };

    this.resendConfirmation = async ({ email, idempotencyKey }) => {
      await post("email/resend", { email }, { idempotencyKey });
    };
    this.requestPasswordReset = async ({ email }) => {
      await post("password/request-reset", { email });
    };
    this.updatePassword = async ({ password }) => {
      await post("password/update", { password }, { bearer: await bearerToken() });
    };
    this.sendOtp = async ({ email, createUser = true, userMeta }) => {
      await post("otp/send", { email, create_user: createUser, user_meta: userMeta });
    };
    this.verifyOtp = async ({ email, token, type = "email", userMeta }) => {
      const body = await attributed({ email, token, type }, userMeta);
      const tokens = await post<TokensBody>("otp/verify", body);
      return adoptTokens(tokens, type === "recovery" ? "PASSWORD_RECOVERY" : "SIGNED_IN");
    };

    this.signInAnonymously = ({ captchaToken, userMeta, forceNewAnon } = {}) =>
      share("guest", async () => {
        await store.ready();
        const current = store.get();
        if (!forceNewAnon) {
          if (current?.user.is_anonymous) return current;
          const resumed = await resumeGuest();
          if (resumed) return resumed;
        }
        const body = await attributed({ captcha_token: captchaToken }, userMeta);
        return adoptTokens(await post("anonymous/signin", body), "SIGNED_IN", { is_anonymous: true });
      });

    this.upgradeAnonymousToEmail = async ({ email, password, userMeta, idempotencyKey }) => {
      const bearer = await bearerToken();
      const body = { email, password, user_meta: userMeta };
      const before = store.get();
      const answer = await post<StatusBody>("anonymous/upgrade", body, { bearer, idempotencyKey });
      if (answer.status === "confirmation_required")
        return { kind: "confirmation_required", email: answer.email ?? email };
      if (answer.status !== "updated" || !before) throw incomplete();
      // The tokens may have been refreshed meanwhile, and the guest may have signed out.
      const current = store.get();
      const user: AuthUser = { ...before.user, email, ...answer.user, is_anonymous: false };
      const session = { ...(current ?? before), user };
      if (current) await store.set(session, "USER_UPDATED");
      await save(guestKey, null);
      return { kind: "updated", session };
    };

    this.signOut = async ({ forgetAnonymous } = {}) => {
      await store.ready();
      const session = store.get();
      if (forgetAnonymous) await save(guestKey, null);
      await clear();
      if (!session || (session.user.is_anonymous && !forgetAnonymous)) return;
      try {
        // An access token that has run out could not end anything, and the refresh token would live on.
        const { access_token: bearer } = isFresh(session) ? session : await rotate(session.refresh_token);
        await post("signout", undefined, { bearer });
      } catch {
        // Signed out here all the same.
      }
    };

    this.revokeAllSessions = async () => {
      await post("revoke-all", undefined, { bearer: await bearerToken() });
      await clear();
    };

    let oauth: Promise<OAuth> | undefined;
    const withOAuth = (): Promise<OAuth> => {
      oauth ??= import("./oauth.ts").then(
        ({ createOAuth }) =>
          createOAuth<TokensBody>({
            refuse,
            tell: callSafely,
            post,
            attributed,
            remember,
            bearer: this.getAccessToken,
            signedIn: (body) => adoptTokens(body, "SIGNED_IN"),
            openPopup: options.openPopup,
            life: life.signal,
          }),
        (cause) => {
          oauth = undefined;
          throw refuse("network_error", "Sign-in could not be loaded", cause);
        },
      );
      return oauth;
    };
    this.startOAuthFlow = async (flow) => (await withOAuth()).start(flow);
    this.completeOAuthFlow = async (answer) => (await withOAuth()).complete(answer);
    this.signInWithOAuth = async (flow) => {
      if (typeof window === "undefined")
        throw refuse("oauth_unavailable", "Signing in with a provider needs a browser window");
      return (await withOAuth()).signIn(flow);
    };

    this.getLastLogin = async () => {
      const method = await readItem(storage, STORAGE_KEYS.lastLoginMethod(paywallId));
      if (!method) return null;
      const email = await readItem(storage, STORAGE_KEYS.lastLoginEmail(paywallId));
      return { method: method as LastLoginMethod, email };
    };

    this.isDestroyed = () => destroyed;
    this.destroy = () => {
      destroyed = true;
      store.destroy();
      life.abort();
    };
  }
}

const refuse = (code: string, message: string, cause?: unknown) => new PaywallError(code, message, { cause });

const incomplete = () => refuse("unknown", "The server's answer was incomplete");

const isFresh = (session: AuthSession) => session.expires_at - Date.now() > REFRESH_LEEWAY_MS;

const LOCK_PATIENCE_MS = 10_000;
/** What one tab writes into the storage reaches the others later than the news that a lock is free. */
const LOCK_LINGER_MS = 250;

/**
 * One refresh at a time across the tabs of an origin, where the browser offers locks. A tab that froze while
 * holding the lock must not sign the others out, so waiting has an end. After `wrote()` the lock is kept for
 * the moment that others need to see what was written; the caller does not wait for that.
 */
function underLock<T>(name: string, work: (wrote: () => void) => Promise<T>): Promise<T> {
  const locks = typeof window === "undefined" ? undefined : globalThis.navigator?.locks;
  if (!locks) return work(() => {});
  return new Promise((resolve, reject) => {
    let entered = false;
    let lingerMs = 0;
    const run = async () => {
      entered = true;
      const done = work(() => {
        lingerMs = LOCK_LINGER_MS;
      });
      done.then(resolve, reject);
      await done.catch(() => {});
      if (lingerMs) await new Promise((go) => setTimeout(go, lingerMs));
    };
    locks.request(name, { signal: AbortSignal.timeout?.(LOCK_PATIENCE_MS) }, run).catch(() => {
      if (!entered) work(() => {}).then(resolve, reject);
    });
  });
}
