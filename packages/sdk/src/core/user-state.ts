import { type BillingContext, type CallOptions, emailHeader, identityKey } from "./context.ts";
import { abortable, inBackground } from "./promises.ts";
import { createSharedValue, type SharedValue } from "./shared-value.ts";
import { objectsOf, parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { PaywallUser } from "./types.ts";

export const USER_FRESH_MS = 5_000;
export const USER_TTL_MS = 30 * 60_000;
export const CHECKOUT_PENDING_TTL_MS = 30 * 60_000;

export const emptyUser = (): PaywallUser => ({
  has_active_subscription: false,
  purchases: [],
  trial: null,
  had_previous_trial: false,
});

/** With everything that its readers rely on, whoever wrote it. */
export const completeUser = (user: PaywallUser): PaywallUser => ({
  ...user,
  purchases: objectsOf(user.purchases),
});

export interface UserMethods {
  getUser(options?: CallOptions): Promise<PaywallUser>;
  getCachedUser(): PaywallUser | null;
  onUserChange: SharedValue<PaywallUser>["subscribe"];
  /** What is stored, without asking the server. */
  peekCachedUser(): Promise<PaywallUser | null>;
  /** What can be believed without waiting when possible; never rejects. */
  getSettledUser(options?: { signal?: AbortSignal }): Promise<PaywallUser | null>;
}

export interface UserState {
  methods: UserMethods;
  value: SharedValue<PaywallUser>;
  /** The identity changed: forget the old person, read what is known about the new one. */
  rekey(): void;
}

/** What the current person has bought, cached briefly in memory and for half an hour across reloads. */
export function createUserState(context: BillingContext): UserState {
  const { paywallId, storage, identity } = context;
  const value = createSharedValue<PaywallUser>({
    storage,
    key: () => STORAGE_KEYS.userState(paywallId, identityKey(identity())),
    field: "user",
    ttl: USER_TTL_MS,
    // Good for gates and offline use; whether it still holds, only the server knows.
    startsStale: true,
    encode: (user) => identity() && user,
    decode: (stored) => completeUser(stored as PaywallUser),
  });
  let person = 0;

  const getUser = async ({ force, signal }: CallOptions = {}): Promise<PaywallUser> => {
    if (!identity()?.email) await context.identitySettled();
    if (!force && value.age() < USER_FRESH_MS) return value.get()!;
    return context.share(
      `user${person}`,
      async (shared) => {
        const commit = value.begin();
        const email = identity()?.email;
        return commit(
          email
            ? completeUser(await context.ask("user-state", { headers: emailHeader(email), signal: shared }))
            : emptyUser(),
        );
      },
      signal,
    );
  };

  /** True once after a checkout was started here, so that an old "not subscribed" is not believed. */
  const takePendingMarker = async (): Promise<boolean> => {
    const key = STORAGE_KEYS.checkoutPending(paywallId);
    const text = await readItem(storage, key);
    if (text === null) return false;
    await writeItem(storage, key, null);
    return Date.now() - (parseRecord<{ at: number }>(text)?.at ?? 0) < CHECKOUT_PENDING_TTL_MS;
  };

  const settled = async (): Promise<PaywallUser | null> => {
    await context.identitySettled();
    await value.ready();
    const cached = value.get();
    if (cached?.has_active_subscription) return cached;
    return !cached || (await takePendingMarker()) ? getUser({ force: !!cached }) : cached;
  };

  return {
    methods: {
      getUser,
      getCachedUser: value.get,
      onUserChange: value.subscribe,
      async peekCachedUser() {
        await value.ready();
        return value.get();
      },
      getSettledUser: ({ signal } = {}) => abortable(settled(), signal).catch(value.get),
    },
    value,
    rekey() {
      person++;
      const known = !!identity();
      value.rekey(known);
      if (known) inBackground(getUser({ force: true }));
      else value.show(emptyUser());
    },
  };
}
