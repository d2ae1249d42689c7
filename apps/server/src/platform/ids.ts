import { randomFillSync } from "node:crypto";
import { ID_PREFIXES, type IdKind } from "@tollgate/protocol/ids";
import type { Clock } from "./clock.ts";

/** Makes ids: the register's prefix and a ULID, which sorts by time within one process. */
export interface Ids {
  next(kind: IdKind): string;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Every pair of characters; a ULID is thirteen of them: five of time, eight of chance. */
const PAIRS = Array.from({ length: 1024 }, (_, n) => CROCKFORD[n >> 5]! + CROCKFORD[n & 31]!);
const CHANCE_PAIRS = 8;

function encodeTime(ms: number): string {
  let text = "";
  for (let rest = ms, i = 0; i < 5; i += 1, rest = Math.floor(rest / 1024)) text = PAIRS[rest % 1024]! + text;
  return text;
}

/** Ten bits at a time from a pool: asking the system for every id cost more than the rest of it. */
function pooledChance(): () => number {
  const pool = new Uint16Array(2048);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += 1;
    return pool[used - 1]! & 1023;
  };
}

/**
 * ULIDs that always grow: within a millisecond, and when the clock goes back, the one before is counted up.
 * Written out here because every request takes one, and text arithmetic cost a tenth of a cached answer.
 */
function monotonicUlid(): (ms: number) => string {
  const draw = pooledChance();
  const chance = new Array<number>(CHANCE_PAIRS).fill(0);
  let lastMs = -1;
  let time = "";
  return (ms) => {
    if (ms > lastMs) {
      lastMs = ms;
      time = encodeTime(ms);
      for (let i = 0; i < CHANCE_PAIRS; i += 1) chance[i] = draw();
      // Room to count up in.
      chance[0]! &= 511;
    } else {
      let i = CHANCE_PAIRS - 1;
      while (chance[i] === 1023) {
        chance[i] = 0;
        i -= 1;
      }
      chance[i]! += 1;
    }
    let text = time;
    for (let i = 0; i < CHANCE_PAIRS; i += 1) text += PAIRS[chance[i]!]!;
    return text;
  };
}

export function createIds(clock: Clock): Ids {
  const ulid = monotonicUlid();
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
