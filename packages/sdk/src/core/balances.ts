import type { CallOptions } from "./bootstrap-cache.ts";
import { createEmitter, subscribeWithReplay } from "./emitter.ts";
import { abortable, singleFlight } from "./promises.ts";
import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { Balance, ReplayMode, StorageAdapter } from "./types.ts";

export const BALANCES_FRESH_MS = 30_000;
export const BALANCES_TTL_MS = 5 * 60_000;

interface Deps {
  paywallId: string;
  storage: StorageAdapter;
  identityKey: () => string;
  /** Whether someone is signed in; waits for the stored session. */
  signedIn: () => Promise<boolean>;
  fetchBalances: () => Promise<Balance[]>;
}

export interface Balances {
  getBalances(options?: CallOptions): Promise<Balance[]>;
  getCachedBalances(): Balance[] | null;
  refreshBalances(): Promise<Balance[]>;
  onBalanceChange(listener: (balances: Balance[]) => void, options?: { immediate?: ReplayMode }): () => void;
  /** Shows a spent unit at once; the server's count replaces it at the next fetch. */
  decrementBalanceLocal(queryType?: string): void;
  rekeyBalances(empty: boolean): void;
  destroyBalances(): void;
}

/** What is left of the metered units, shared with other tabs. */
export function createBalances(deps: Deps): Balances {
  const changes = createEmitter<Balance[]>();
  let cached: Balance[] | null = null;
  let at = 0;
  let epoch = 0;
  let hydrated: Promise<void>;
  let unwatch: (() => void) | undefined;

  const keep = (balances: Balance[], time: number) => {
    const changed = JSON.stringify(balances) !== JSON.stringify(cached);
    cached = balances;
    at = time;
    if (changed) changes.emit(balances);
  };
  const store = (balances: Balance[]) => {
    keep(balances, Date.now());
    const key = STORAGE_KEYS.balances(deps.paywallId, deps.identityKey());
    void writeItem(deps.storage, key, JSON.stringify({ at, balances }));
  };

  const listen = () => {
    unwatch?.();
    const key = STORAGE_KEYS.balances(deps.paywallId, deps.identityKey());
    const mine = epoch;
    const adopt = (text: string | null) => {
      const record = parseRecord<{ at: number; balances: Balance[] }>(text);
      if (mine !== epoch || !Array.isArray(record?.balances) || typeof record.at !== "number") return;
      if (record.at > at && Date.now() - record.at < BALANCES_TTL_MS) keep(record.balances, record.at);
    };
    hydrated = readItem(deps.storage, key).then(adopt);
    unwatch = deps.storage.watch?.(key, adopt);
  };
  listen();

  const load = singleFlight(async () => {
    const mine = epoch;
    const balances = await deps.fetchBalances();
    if (mine === epoch) store(balances);
    return balances;
  });

  const getBalances = async ({ force, signal }: CallOptions = {}): Promise<Balance[]> => {
    if (!(await deps.signedIn())) return [];
    await hydrated;
    const age = Date.now() - at;
    if (!cached || force || age > BALANCES_TTL_MS) return abortable(load(), signal);
    if (age > BALANCES_FRESH_MS) load().catch(() => {});
    return cached;
  };

  return {
    getBalances,
    getCachedBalances: () => cached,
    refreshBalances: () => getBalances({ force: true }),
    onBalanceChange: (listener, { immediate } = {}) =>
      subscribeWithReplay(changes, listener, () => cached, immediate),
    decrementBalanceLocal(queryType) {
      if (queryType === undefined) void getBalances({ force: true }).catch(() => {});
      else if (cached?.some(({ type, count }) => type === queryType && count > 0))
        store(cached.map((b) => (b.type === queryType ? { ...b, count: b.count - 1 } : b)));
    },
    rekeyBalances(empty) {
      epoch++;
      cached = null;
      at = 0;
      listen();
      if (empty) keep([], 0);
    },
    destroyBalances() {
      unwatch?.();
      changes.clear();
    },
  };
}
