/** All that targeting asks of a device (paywall API §3.9). */
export type DeviceClass = "macos" | "other";

/**
 * Reads the client hint first, since it is the browser's own word; `User-Agent` is the fallback. iPhones and
 * iPads say "like Mac OS X" and are not meant. An iPad that asks for desktop sites cannot be told from a Mac.
 */
export function deviceClass(
  userAgent: string | undefined,
  secChUaPlatform?: string | undefined,
): DeviceClass {
  const hint = secChUaPlatform?.trim().replaceAll('"', "").toLowerCase();
  if (hint) return hint === "macos" || hint === "mac os x" ? "macos" : "other";
  return /\bMacintosh\b/.test(userAgent ?? "") && !/\b(iPhone|iPad|iPod)\b/.test(userAgent ?? "")
    ? "macos"
    : "other";
}
