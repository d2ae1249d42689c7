import type { AuthClient } from "./auth-client.ts";
import type { CallOptions } from "./bootstrap-cache.ts";
import { createEmitter, subscribeWithReplay } from "./emitter.ts";
import { abortable } from "./promises.ts";
import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { Identity, PaywallUser, ReplayMode, StorageAdapter } from "./types.ts";

export const USER_FRESH_MS = 5_000;
export const USER_TTL_MS = 30 * 60_000;
export const CHECKOUT_PENDING_TTL_MS = 30 * 60_000;

export const emptyUser = (): PaywallUser => ({
  has_active_subscription: false,
  purchases: [],
  trial: null,
  had_previous_trial: false,
});

export const identityKey = (identity: Identity | undefined): string =>
  identity?.email || identity?.userId || identity?.anonymousId || "guest";

interface Deps {
  paywallId: string;
  storage: StorageAdapter;
  auth: AuthClient | undefined;
  getIdentity: () => Identity | undefined;
  /** Waits until the signed-in person, if any, has become the identity. */
  identitySettled: () => Promise<void>;
  fetchUser: (email: string) => Promise<PaywallUser>;
}

export interface UserState {
  getUser(options?: CallOptions): Promise<PaywallUser>;
  getCachedUser(): PaywallUser | null;
  onUserChange(listener: (user: PaywallUser) => void, options?: { immediate?: ReplayMode }): () => void;
  peekCachedUser(): Promise<PaywallUser | null>;
  getSettledUser(options?: { signal?: AbortSignal }): Promise<PaywallUser | null>;
  /** A snapshot that arrived with another answer for the same person. */
  applyUser(user: PaywallUser): void;
  /** The identity changed: forget the old person, read what is known about the new one. */
  rekeyUser(): void;
  /** Grows with every identity change; an answer for an older one is dropped. */
  epoch(): number;
  destroyUser(): void;
}

/** What the current person has bought, cached briefly in memory and for half an hour across reloads. */
export function createUserState(deps: Deps): UserState {
  const changes = createEmitter<PaywallUser>();
  let cached: PaywallUser | null = null;
  let at = 0;
  let epoch = 0;
  let inFlight: Promise<PaywallUser> | null = null;
  let hydrated: Promise<void>;

  const storageKey = () => STORAGE_KEYS.userState(deps.paywallId, identityKey(deps.getIdentity()));

  const keep = (user: PaywallUser) => {
    const changed = JSON.stringify(user) !== JSON.stringify(cached);
    cached = user;
    if (changed) changes.emit(user);
  };

  const applyUser = (user: PaywallUser) => {
    at = Date.now();
    if (deps.getIdentity()) void writeItem(deps.storage, storageKey(), JSON.stringify({ at, user }));
    keep(user);
  };

  const hydrate = async () => {
    const mine = epoch;
    const record = parseRecord<{ at: number; user: PaywallUser }>(await readItem(deps.storage, storageKey()));
    if (mine !== epoch || cached || !record?.user || typeof record.at !== "number") return;
    // Kept for gates and offline use; its age in memory starts stale, so the next getUser asks the server.
    if (Date.now() - record.at < USER_TTL_MS) keep(record.user);
  };
  hydrated = deps.getIdentity() || !deps.auth ? hydrate() : Promise.resolve();

  const fetchOnce = async (): Promise<PaywallUser> => {
    if (!deps.getIdentity()?.email) await deps.identitySettled();
    const mine = epoch;
    const email = deps.getIdentity()?.email;
    const user = email ? await deps.fetchUser(email) : emptyUser();
    if (mine === epoch) applyUser(user);
    return user;
  };

  const getUser = async ({ force, signal }: CallOptions = {}): Promise<PaywallUser> => {
    if (cached && !force && Date.now() - at < USER_FRESH_MS) return cached;
    if (!inFlight) {
      const mine = fetchOnce();
      inFlight = mine;
      const settle = () => {
        if (inFlight === mine) inFlight = null;
      };
      mine.then(settle, settle);
    }
    return abortable(inFlight, signal);
  };

  /** True once after a checkout was started here, so that an old "not subscribed" is not believed. */
  const takePendingMarker = async (): Promise<boolean> => {
    const key = STORAGE_KEYS.checkoutPending(deps.paywallId);
    const text = await readItem(deps.storage, key);
    if (text === null) return false;
    await writeItem(deps.storage, key, null);
    const started = parseRecord<{ at: number }>(text)?.at ?? 0;
    return Date.now() - started < CHECKOUT_PENDING_TTL_MS;
  };

  const settled = async (): Promise<PaywallUser | null> => {
    try {
      await deps.identitySettled();
      await hydrated;
      if (cached?.has_active_subscription) return cached;
      if (!cached) return await getUser();
      return (await takePendingMarker()) ? await getUser({ force: true }) : cached;
    } catch {
      return cached;
    }
  };

  return {
    getUser,
    getCachedUser: () => cached,
    onUserChange: (listener, { immediate } = {}) =>
      subscribeWithReplay(changes, listener, () => cached, immediate),
    async peekCachedUser() {
      await hydrated;
      return cached;
    },
    getSettledUser: ({ signal } = {}) => abortable(settled(), signal).catch(() => cached),
    applyUser,
    rekeyUser() {
      epoch++;
      cached = null;
      at = 0;
      inFlight = null;
      if (!deps.getIdentity()) {
        hydrated = Promise.resolve();
        keep(emptyUser());
        return;
      }
      hydrated = hydrate();
      getUser({ force: true }).catch(() => {});
    },
    epoch: () => epoch,
    destroyUser: changes.clear,
  };
}
