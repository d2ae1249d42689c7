import { type Db, type Queryable, sql } from "./database/index.ts";

const CHANNEL = "tollgate";

/** News for every process on this database, about things that they may keep in memory. */
export interface Broadcast {
  /**
   * Calls `heard` with each payload announced on the topic, here or on another node, after its commit. It is
   * called with null when news may have been missed because the connection was lost.
   */
  on(topic: string, heard: (payload: string | null) => void): void;
}

/** Announces something when the transaction commits. */
export async function announce(q: Queryable, topic: string, payload: string): Promise<void> {
  await q.query(sql`select pg_notify(${CHANNEL}, ${`${topic} ${payload}`})`);
}

/** Starts to listen. Returns once news can no longer be missed. */
export async function openBroadcast(db: Db): Promise<Broadcast> {
  const listeners = new Map<string, ((payload: string | null) => void)[]>();
  await db.listen(
    CHANNEL,
    (message) => {
      const space = message.indexOf(" ");
      for (const heard of listeners.get(message.slice(0, space)) ?? []) heard(message.slice(space + 1));
    },
    () => {
      for (const heard of [...listeners.values()].flat()) heard(null);
    },
  );
  return {
    on(topic, heard) {
      listeners.set(topic, [...(listeners.get(topic) ?? []), heard]);
    },
  };
}
