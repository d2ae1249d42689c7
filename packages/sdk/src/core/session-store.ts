import { callSafely } from "./emitter.ts";
import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { AuthChangeEvent, AuthChangeListener, AuthSession, StorageAdapter } from "./types.ts";

export interface SessionStore {
  ready(): Promise<void>;
  get(): AuthSession | null;
  /** Makes `next` the session: persists it and tells subscribers when anything they can see changed. */
  set(next: AuthSession | null, event: AuthChangeEvent): Promise<void>;
  /** Takes over what another context has written meanwhile: a session, or that it signed out. */
  reread(): Promise<AuthSession | null>;
  subscribe(listener: AuthChangeListener): () => void;
  destroy(): void;
}

interface Subscriber {
  listener: AuthChangeListener;
  /** Whether it has had its INITIAL_SESSION, which always comes first. */
  started: boolean;
}

/** Owns the signed-in session of one paywall in this context and keeps it in step with the other contexts. */
export function createSessionStore(storage: StorageAdapter, paywallId: string): SessionStore {
  const key = STORAGE_KEYS.authSession(paywallId);
  const subscribers = new Set<Subscriber>();
  let session: AuthSession | null = null;
  let destroyed = false;

  const tell = (subscriber: Subscriber, event: AuthChangeEvent, value: AuthSession | null) => {
    if (subscribers.has(subscriber)) callSafely(subscriber.listener, event, value);
  };
  const start = (subscriber: Subscriber, value: AuthSession | null) => {
    if (subscriber.started) return;
    subscriber.started = true;
    tell(subscriber, "INITIAL_SESSION", value);
  };

  const apply = (next: AuthSession | null, event: AuthChangeEvent) => {
    const before = session;
    if (destroyed || fingerprint(before) === fingerprint(next)) return false;
    session = next;
    for (const subscriber of [...subscribers]) {
      start(subscriber, before);
      tell(subscriber, event, next);
    }
    return true;
  };

  /** Whether the storage has ever given the session back: one that keeps nothing cannot tell of a sign-out. */
  let kept = false;

  const reread = async (removed = kept) => {
    const text = await readItem(storage, key);
    const next = parseSession(text);
    if (next) {
      kept = true;
      apply(next, session?.user.id === next.user.id ? "TOKEN_REFRESHED" : "SIGNED_IN");
    } else if (text === null && removed) apply(null, "SIGNED_OUT");
    return session;
  };

  /** The refresh token that this context was given for an older one, and wrote. */
  let rotated: string | undefined;

  const set = async (next: AuthSession | null, event: AuthChangeEvent) => {
    rotated = event === "TOKEN_REFRESHED" ? next?.refresh_token : undefined;
    // Saved first: whoever hears the event may open another page that reads the storage.
    await writeItem(storage, key, next && JSON.stringify(next));
    apply(next, event);
  };

  const hydrated = readItem(storage, key).then((text) => {
    const stored = parseSession(text);
    kept = !!stored;
    if (!destroyed) session = stored;
  });
  // The storage is read again rather than the message believed: it may be older than our own last write. But
  // a sign-out that was on its way while we wrote a renewed session meant that session: it has to go as well.
  const heard = async (text: string | null) => {
    await hydrated;
    const stored = await reread(kept || text === null);
    if (text === null && stored && stored.refresh_token === rotated && !destroyed) {
      await set(null, "SIGNED_OUT");
    }
  };
  const unwatch = storage.watch?.(key, (text) => void heard(text));

  return {
    ready: () => hydrated,
    get: () => session,
    async set(next, event) {
      await hydrated;
      if (!destroyed) await set(next, event);
    },
    reread: () => reread(),
    subscribe(listener) {
      const subscriber: Subscriber = { listener, started: false };
      subscribers.add(subscriber);
      void hydrated.then(() => start(subscriber, session));
      return () => void subscribers.delete(subscriber);
    },
    destroy() {
      destroyed = true;
      unwatch?.();
      subscribers.clear();
    },
  };
}

/** What a listener could notice; an equal session set again is not an event. */
function fingerprint(session: AuthSession | null): string {
  return session
    ? JSON.stringify([
        session.access_token,
        session.refresh_token,
        session.expires_at,
        session.user.id,
        session.user.email,
      ])
    : "";
}

function parseSession(text: string | null): AuthSession | null {
  const value = parseRecord<AuthSession>(text);
  // What cannot stand in a header would make every request fail.
  return typeof value?.access_token === "string" &&
    /^[!-~]+$/.test(value.access_token) &&
    typeof value.refresh_token === "string" &&
    typeof value.expires_at === "number" &&
    value.user
    ? (value as AuthSession)
    : null;
}
