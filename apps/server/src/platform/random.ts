import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Chance, injected so that a test can repeat a run. */
export interface Random {
  /** Unpredictable bytes; credentials are made of these. */
  bytes(length: number): Buffer;
  /** A whole number in [0, max). */
  int(max: number): number;
  uuid(): string;
}

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  int: (max) => randomInt(max),
  uuid: () => randomUUID(),
};
