import { randomFillSync } from "node:crypto";
import { ID_PREFIXES, type IdKind } from "@tollgate/protocol/ids";
import { monotonicFactory } from "ulid";
import type { Clock } from "./clock.ts";

/** Makes ids: the register's prefix and a ULID, which sorts by time within one process. */
export interface Ids {
  next(kind: IdKind): string;
}

/** Chance for ids, drawn from a pool: asking the system for every character cost more than the rest of an id. */
function pooledRandom(): () => number {
  const pool = Buffer.alloc(4096);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += 1;
    return pool[used - 1]! / 256;
  };
}

export function createIds(clock: Clock): Ids {
  const ulid = monotonicFactory(pooledRandom());
  return { next: (kind) => `${ID_PREFIXES[kind]}_${ulid(clock.now().getTime())}` };
}

const NUM = /^[1-9][0-9]{0,15}$/;

/**
 * Reads an id of an entity that also owns a `num`: decimal digits (3.x wire) or the prefixed ULID.
 * Anything else is null, which callers answer as "not found".
 */
export function parseRef(kind: IdKind, ref: string | number): { num: number } | { id: string } | null {
  const text = String(ref);
  if (NUM.test(text)) {
    const num = Number(text);
    return Number.isSafeInteger(num) ? { num } : null;
  }
  const prefix = `${ID_PREFIXES[kind]}_`;
  return text.startsWith(prefix) && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text.slice(prefix.length))
    ? { id: text }
    : null;
}
