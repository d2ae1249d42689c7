import type { StorageAdapter, TrialConfig, TrialStatus } from "./types.ts";

/** Counts the free period before the paywall. "Blocked" means that the paywall is held back. */
export interface TrialStore {
  /** Looks without writing: asking never uses up an open and never starts the clock. */
  check(): Promise<TrialStatus>;
  /** Uses one open, or starts the clock the first time; answers the status after it. */
  recordBlock(): Promise<TrialStatus>;
  reset(): Promise<void>;
}

const HOUR_MS = 3_600_000;
let warned = false;

/** The keys are those of earlier clients, so that a visitor's used-up trial stays used up after an upgrade. */
export function createTrialStore(
  storage: StorageAdapter,
  paywallId: string,
  config: TrialConfig,
): TrialStore {
  if (config.storage === "server" && !warned) {
    warned = true;
    console.warn("[tollgate] trials are counted on this device; storage 'server' behaves as 'client'");
  }
  const timed = config.mode === "time";
  const key = timed ? `paywall-${paywallId}-trial-time-first-open` : `paywall-${paywallId}-skip-times`;

  const status = (stored: number): TrialStatus => {
    if (!timed) {
      const remainingActions = Math.max(0, config.payload - stored);
      return { mode: "opens", blocked: remainingActions > 0, remainingActions, totalActions: config.payload };
    }
    const totalMs = config.payload * HOUR_MS;
    const startedAt = stored || null;
    const expiresAt = startedAt && startedAt + totalMs;
    const remainingMs = expiresAt ? Math.max(0, expiresAt - Date.now()) : totalMs;
    return { mode: "time", blocked: remainingMs > 0, startedAt, expiresAt, remainingMs, totalMs };
  };
  const read = async () => {
    const value = Number.parseInt((await storage.getItem(key)) ?? "", 10);
    return Number.isFinite(value) ? value : 0;
  };

  return {
    check: async () => status(await read()),
    async recordBlock() {
      const before = await read();
      const next = timed ? before || Date.now() : Math.min(config.payload, before + 1);
      if (next !== before) await storage.setItem(key, String(next));
      return status(next);
    },
    reset: () => storage.removeItem(key),
  };
}
