import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";

const MONTHS_AHEAD = 3;

type Month = { name: string; from: string; to: string };

/** The month of an instant and the ones after it, in UTC. */
export function monthsFrom(now: Date, count: number): Month[] {
  const start = (offset: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
  return Array.from({ length: count }, (_, i) => {
    const from = start(i).toISOString();
    return {
      name: `analytics_events_${from.slice(0, 7).replace("-", "_")}`,
      from,
      to: start(i + 1).toISOString(),
    };
  });
}

/**
 * Makes a table per month ahead of time. Rows that arrived before their month had one (a test clock far in
 * the future, a first start) wait in the default partition and move when it is made.
 */
export function partitionJob(deps: Pick<Deps, "clock" | "db">): Job {
  return {
    name: "analytics-partitions",
    everyMs: 6 * 3_600_000,
    async run() {
      const months = monthsFrom(deps.clock.now(), MONTHS_AHEAD);
      const names = months.map(({ name }) => name);
      const present = await deps.db.query<{ name: string }>(
        sql`select relname "name" from pg_class where relname = any (${names}) and relkind = 'r'`,
      );
      const missing = months.filter(({ name }) => !present.some((table) => table.name === name));
      for (const month of missing) await deps.db.transaction((tx) => addPartition(tx, month));
      return missing.length;
    },
  };
}

async function addPartition(tx: Tx, { name, from, to }: Month): Promise<void> {
  // Two nodes may find the same month missing; the second then finds it made. Locked before looking.
  await tx.execute(sql`lock table analytics_events in access exclusive mode`);
  const made = await tx.maybeOne(sql`select 1 from pg_class where relname = ${name}`);
  if (made) return;
  // Names and bounds come from monthsFrom: digits, letters and ISO instants only.
  const ddl = (text: string) => tx.execute({ text, values: [], name: undefined });
  await ddl(`create table ${name} (like analytics_events including defaults)`);
  await ddl(`with moved as (delete from analytics_events_default
               where received_at >= '${from}' and received_at < '${to}' returning *)
             insert into ${name} select * from moved`);
  await ddl(`alter table analytics_events attach partition ${name} for values from ('${from}') to ('${to}')`);
}
