import { type Logger, pino } from "pino";

export type Log = Logger;

// Paths that may carry a credential. Bodies and query strings are never logged.
const REDACTED = [
  "authorization",
  "password",
  "token",
  "secret",
  "refresh_token",
  "access_token",
  "code",
  "cookie",
];

/** Structured logs without secrets: JSON lines, or nothing at level `silent`. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
  };
  return destination ? pino(options, destination) : pino(options);
}
