import type { TrialConfig, TrialStatus } from "../core/index.ts";

const HOUR_MS = 3_600_000;

/** The free trial's arithmetic over two variables instead of a browser's storage. */
export function createFakeTrial(config: () => TrialConfig | null | undefined) {
  let used = 0;
  let startedAt: number | null = null;
  const check = (): TrialStatus => {
    const trial = config();
    if (!trial) return { mode: "none", blocked: false };
    const { mode, payload } = trial;
    if (mode === "opens")
      return { mode, blocked: used < payload, remainingActions: payload - used, totalActions: payload };
    const totalMs = payload * HOUR_MS;
    const expiresAt = startedAt === null ? null : startedAt + totalMs;
    const remainingMs = expiresAt === null ? totalMs : Math.max(0, expiresAt - Date.now());
    return { mode, blocked: remainingMs > 0, startedAt, expiresAt, remainingMs, totalMs };
  };
  return {
    check,
    recordBlock() {
      used = Math.min(config()?.payload ?? 0, used + 1);
      startedAt ??= Date.now();
      return check();
    },
    expire() {
      used = config()?.payload ?? 0;
      startedAt = 0;
    },
    reset() {
      used = 0;
      startedAt = null;
    },
  };
}
