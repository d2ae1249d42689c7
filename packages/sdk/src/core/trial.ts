import type { ApiRequestInit } from "./api-client.ts";
import { generateVisitorId } from "./storage.ts";
import type { StorageAdapter, TrialConfig, TrialStatus } from "./types.ts";

/** Counts the free period before the paywall. "Blocked" means that the paywall is held back. */
export interface TrialStore {
  /** Looks without writing: asking never uses up an open and never starts the clock. */
  check(): Promise<TrialStatus>;
  /** Uses one open, or starts the clock the first time; answers the status after it. */
  recordBlock(): Promise<TrialStatus>;
  /** Forgets what this device has counted; what the server has counted stays. */
  reset(): Promise<void>;
}

/** How a trial with storage `server` reaches the endpoint that counts it: requests below the paywall's path. */
export interface TrialServer {
  ask<T>(path: string, init?: ApiRequestInit): Promise<T>;
  visitor(): Promise<string>;
}

/** What the endpoint says of a trial: opens used up, or milliseconds since it began. */
interface TrialStateBody {
  used?: number;
  elapsed_ms?: number | null;
}

const HOUR_MS = 3_600_000;
const SERVER_PATIENCE_MS = 5_000;
let warned = false;

/**
 * The keys are those of earlier clients, so that a visitor's used-up trial stays used up after an upgrade.
 *
 * With storage `server` the larger use wins, the server's or this device's: clearing one does not bring the
 * trial back. A trial that is over on this device is over without asking. When the server does not count it
 * (404) or cannot be reached in time, this device alone counts, and the console hears of it once.
 */
export function createTrialStore(
  storage: StorageAdapter,
  paywallId: string,
  { mode, payload, storage: place }: TrialConfig,
  server?: TrialServer,
): TrialStore {
  const timed = mode === "time";
  const key = timed ? `paywall-${paywallId}-trial-time-first-open` : `paywall-${paywallId}-skip-times`;

  /** `use` is the stored number: opens used up, or the instant of the start; 0 is none. */
  const status = (use: number): TrialStatus => {
    if (!timed) {
      const remainingActions = Math.max(0, payload - use);
      return { mode: "opens", blocked: remainingActions > 0, remainingActions, totalActions: payload };
    }
    const totalMs = payload * HOUR_MS;
    const startedAt = use || null;
    const expiresAt = startedAt && startedAt + totalMs;
    const remainingMs = expiresAt ? Math.max(0, expiresAt - Date.now()) : totalMs;
    return { mode: "time", blocked: remainingMs > 0, startedAt, expiresAt, remainingMs, totalMs };
  };
  const read = async () => Math.max(0, Number(await storage.getItem(key))) || 0;

  /** The larger of this device's use and the server's, whose clock may be another: it counts in elapsed time. */
  const merge = async (use: number, record?: boolean): Promise<number> => {
    if (place !== "server") return use;
    try {
      const own = timed ? { elapsed_ms: use && Date.now() - use } : { used: use };
      const { used, elapsed_ms: elapsed } = await server!.ask<TrialStateBody>("trial-state", {
        headers: { "X-Visitor-Id": await server!.visitor() },
        signal: AbortSignal.timeout(SERVER_PATIENCE_MS),
        ...(record && {
          method: "POST",
          body: JSON.stringify({ id: generateVisitorId(), ...own }),
          // It counts once per id, however often it arrives.
          replayable: true,
        }),
      });
      if (!timed) return Math.max(use, used ?? 0);
      const started = elapsed == null ? 0 : Date.now() - elapsed;
      return Math.min(use || started, started || use);
    } catch (error) {
      if (!warned) console.warn("[tollgate] the server does not count this trial; this device does", error);
      warned = true;
      return use;
    }
  };

  return {
    async check() {
      const use = await read();
      const known = status(use);
      return known.blocked ? status(await merge(use)) : known;
    },
    async recordBlock() {
      const before = await read();
      const next = await merge(timed ? before || Date.now() : Math.min(payload, before + 1), true);
      if (next !== before) await storage.setItem(key, String(next));
      return status(next);
    },
    reset: () => storage.removeItem(key),
  };
}
