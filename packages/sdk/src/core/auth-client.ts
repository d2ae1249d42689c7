import { ApiClient } from "./api-client.ts";
import { PaywallError } from "./errors.ts";
import { singleFlight } from "./promises.ts";
import { createSessionStore } from "./session-store.ts";
import { createStorage, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type {
  AuthChangeEvent,
  AuthChangeListener,
  AuthSession,
  AuthUser,
  FetchLike,
  LastLogin,
  LastLoginMethod,
  OtpVerifyType,
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
  openPopup?: (url: string, name: string) => Window | null;
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
    const api = new ApiClient(options);
    const storage = createStorage(options.storage);
    const store = createSessionStore(storage, paywallId);
    const guestKey = STORAGE_KEYS.anonRefreshToken(paywallId);
    let destroyed = false;
    this.paywallId = paywallId;
    this.apiOrigin = options.apiOrigin;

    const post = <T>(
      path: string,
      body?: object,
      init: { bearer?: string; idempotencyKey?: string } = {},
    ): Promise<T> => {
      const headers: Record<string, string> = {};
      if (init.bearer) headers.Authorization = `Bearer ${init.bearer}`;
      if (init.idempotencyKey) headers["Idempotency-Key"] = init.idempotencyKey;
      return api.request<T>(`/api/v1/paywall/${paywallId}/auth/${path}`, {
        method: "POST",
        headers,
        body: body && JSON.stringify(body),
      });
    };

    /** The stored visitor id links guest purchases of this device; it is never created just for a sign-in. */
    const visitor = async () => {
      const id = await readItem(storage, STORAGE_KEYS.visitorId);
      return id && id.length >= 16 ? id : undefined;
    };

    const save = async (key: string, value: string | null) => {
      if (!destroyed) await writeItem(storage, key, value);
    };

    const adoptTokens = async (
      body: TokensBody,
      event: AuthChangeEvent,
      patch: Partial<AuthUser> = {},
    ): Promise<AuthSession> => {
      const session: AuthSession = {
        access_token: body.access_token,
        refresh_token: body.refresh_token,
        expires_at: body.expires_at != null ? body.expires_at * 1000 : Date.now() + body.expires_in * 1000,
        user: { id: "", email: null, ...body.user, ...patch },
      };
      await store.set(session, event);
      if (session.user.is_anonymous) await save(guestKey, session.refresh_token);
      return session;
    };

    const remember = async (method: LastLoginMethod, email?: string | null) => {
      await save(STORAGE_KEYS.lastLoginMethod(paywallId), method);
      if (email) await save(STORAGE_KEYS.lastLoginEmail(paywallId), email);
    };

    const requireSession = () => {
      const session = store.get();
      if (!session) throw new PaywallError("not_authenticated", "Sign in first");
      return session;
    };

    const clear = () => store.set(null, "SIGNED_OUT");

    const refreshNow = async (): Promise<AuthSession | null> => {
      await store.ready();
      const before = store.get();
      if (!before) return null;
      // A refresh token can be spent once. Another tab may have spent this one while we waited for the lock.
      const rotated = await store.reread();
      if (!rotated || rotated.refresh_token !== before.refresh_token) return rotated;
      try {
        const body = await post<TokensBody>("refresh", { refresh_token: before.refresh_token });
        return await adoptTokens(body, "TOKEN_REFRESHED", before.user);
      } catch (error) {
        if ((error as PaywallError).status !== 401) throw error;
        if (before.user.is_anonymous) await save(guestKey, null);
        if (store.get()?.refresh_token === before.refresh_token) await clear();
        return null;
      }
    };

    const resumeGuest = async (): Promise<AuthSession | null> => {
      const token = await readItem(storage, guestKey);
      if (!token) return null;
      try {
        const body = await post<TokensBody>("refresh", { refresh_token: token });
        return await adoptTokens(body, "SIGNED_IN", { email: null, is_anonymous: true });
      } catch (error) {
        if ((error as PaywallError).status !== 401) throw error;
        await save(guestKey, null);
        return null;
      }
    };

    let guestFlight: Promise<AuthSession> | null = null;

    this.ready = store.ready;
    this.getCachedSession = store.get;
    this.getCachedUser = () => store.get()?.user ?? null;
    this.onAuthChange = store.subscribe;

    this.refresh = singleFlight(() => underLock(`pw-${paywallId}-refresh`, refreshNow));

    this.getAccessToken = async () => {
      await store.ready();
      const session = store.get() ?? (await store.reread());
      if (!session) return null;
      if (session.expires_at - Date.now() > REFRESH_LEEWAY_MS) return session.access_token;
      try {
        return (await this.refresh())?.access_token ?? null;
      } catch {
        // The server decides whether the old one still counts.
        return session.access_token;
      }
    };

    this.signInWithEmail = async ({ email, password, userMeta, idempotencyKey }) => {
      const body = { email, password, visitor_id: await visitor(), user_meta: userMeta };
      const session = await adoptTokens(await post("email/signin", body, { idempotencyKey }), "SIGNED_IN");
      await remember("email", email);
      return session;
    };

    this.signUp = async ({ email, password, userMeta, idempotencyKey }) => {
      const body = { email, password, visitor_id: await visitor(), user_meta: userMeta };
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
      await store.ready();
      const bearer = (await this.getAccessToken()) ?? requireSession().access_token;
      await post("password/update", { password }, { bearer });
    };
    this.sendOtp = async ({ email, createUser = true, userMeta }) => {
      await post("otp/send", { email, create_user: createUser, user_meta: userMeta });
    };
    this.verifyOtp = async ({ email, token, type = "email", userMeta }) => {
      const body = { email, token, type, visitor_id: await visitor(), user_meta: userMeta };
      const tokens = await post<TokensBody>("otp/verify", body);
      return adoptTokens(tokens, type === "recovery" ? "PASSWORD_RECOVERY" : "SIGNED_IN");
    };

    this.signInAnonymously = ({ captchaToken, userMeta, forceNewAnon } = {}) => {
      const work = async () => {
        await store.ready();
        const current = store.get();
        if (!forceNewAnon) {
          if (current?.user.is_anonymous) return current;
          const resumed = await resumeGuest();
          if (resumed) return resumed;
        }
        const body = { captcha_token: captchaToken, visitor_id: await visitor(), user_meta: userMeta };
        return adoptTokens(await post("anonymous/signin", body), "SIGNED_IN", {
          email: null,
          is_anonymous: true,
        });
      };
      guestFlight ??= work().finally(() => {
        guestFlight = null;
      });
      return guestFlight;
    };

    this.upgradeAnonymousToEmail = async ({ email, password, userMeta, idempotencyKey }) => {
      await store.ready();
      const bearer = (await this.getAccessToken()) ?? requireSession().access_token;
      const answer = await post<StatusBody>(
        "anonymous/upgrade",
        { email, password, user_meta: userMeta },
        { bearer, idempotencyKey },
      );
      if (answer.status !== "updated") return { kind: "confirmation_required", email: answer.email ?? email };
      const current = requireSession();
      const user = {
        ...current.user,
        ...answer.user,
        email: answer.user?.email ?? email,
        is_anonymous: false,
      };
      const session = { ...current, user };
      await store.set(session, "USER_UPDATED");
      await save(guestKey, null);
      return { kind: "updated", session };
    };

    this.signOut = async ({ forgetAnonymous } = {}) => {
      await store.ready();
      const session = store.get();
      const guest = session?.user.is_anonymous;
      if (forgetAnonymous) await save(guestKey, null);
      await clear();
      if (!session || (guest && !forgetAnonymous)) return;
      await post("signout", undefined, { bearer: session.access_token }).catch(() => {});
    };

    this.revokeAllSessions = async () => {
      await store.ready();
      requireSession();
      const bearer = (await this.getAccessToken()) ?? requireSession().access_token;
      await post("revoke-all", undefined, { bearer });
      await clear();
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
    };
  }
}

const LOCK_PATIENCE_MS = 10_000;

/**
 * One refresh at a time across the tabs of an origin, where the browser offers locks. A tab that froze while
 * holding the lock must not sign the others out, so waiting has an end.
 */
function underLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = typeof window === "undefined" ? undefined : globalThis.navigator?.locks;
  if (!locks) return work();
  let entered = false;
  const locked = () => {
    entered = true;
    return work();
  };
  return (
    locks.request(name, { signal: AbortSignal.timeout?.(LOCK_PATIENCE_MS) }, locked) as Promise<T>
  ).catch((error) => {
    if (entered) throw error;
    return work();
  });
}
