import { type BillingContext, type CallOptions, identityKey } from "./context.ts";
import { inBackground } from "./promises.ts";
import { createSharedValue, type SharedValue } from "./shared-value.ts";
import { objectsOf, STORAGE_KEYS } from "./storage.ts";
import type { Balance } from "./types.ts";

export const BALANCES_FRESH_MS = 30_000;
export const BALANCES_TTL_MS = 5 * 60_000;

export interface BalanceMethods {
  getBalances(options?: CallOptions): Promise<Balance[]>;
  getCachedBalances(): Balance[] | null;
  refreshBalances(): Promise<Balance[]>;
  onBalanceChange: SharedValue<Balance[]>["subscribe"];
  /** Shows a spent unit at once; the server's count replaces it at the next fetch. */
  decrementBalanceLocal(queryType?: string): void;
}

export interface Balances {
  methods: BalanceMethods;
  value: SharedValue<Balance[]>;
  rekey(): void;
}

/** What is left of the metered units, shared with other tabs. */
export function createBalances(context: BillingContext): Balances {
  const { auth, identity } = context;
  const value = createSharedValue<Balance[]>({
    storage: context.storage,
    key: () => STORAGE_KEYS.balances(context.paywallId, identityKey(identity())),
    field: "balances",
    ttl: BALANCES_TTL_MS,
    decode: (stored) => objectsOf(stored as Balance[]),
  });
  let person = 0;

  const load = (signal?: AbortSignal) =>
    context.share(
      `balances${person}`,
      async (shared) => {
        const commit = value.begin();
        const { balances } = await context.ask<{ balances?: Balance[] }>("balances", { signal: shared });
        return commit(objectsOf(balances));
      },
      signal,
    );

  const getBalances = async ({ force, signal }: CallOptions = {}): Promise<Balance[]> => {
    await context.identitySettled();
    if (!auth?.getCachedSession()) return [];
    await value.ready();
    const age = value.age();
    if (force || age > BALANCES_TTL_MS) return load(signal);
    if (age > BALANCES_FRESH_MS) inBackground(load());
    return value.get()!;
  };

  return {
    methods: {
      getBalances,
      getCachedBalances: value.get,
      refreshBalances: () => getBalances({ force: true }),
      onBalanceChange: value.subscribe,
      decrementBalanceLocal(queryType) {
        const cached = value.get();
        if (!queryType) inBackground(getBalances({ force: true }));
        else if (cached?.some(({ type, count }) => type === queryType && count > 0))
          value.begin()(cached.map((b) => (b.type === queryType ? { ...b, count: b.count - 1 } : b)));
      },
    },
    value,
    rekey() {
      person++;
      const known = !!identity();
      value.rekey(known);
      if (!known) value.show([]);
    },
  };
}
