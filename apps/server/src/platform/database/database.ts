import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { assert } from "../errors.ts";
import type { Statement } from "./sql.ts";

/** Anything that runs statements: the pool or an open transaction. */
export interface Queryable {
  /** All rows. `R` is a promise by the author of the SQL, kept in `queries.ts` next to the statement. */
  query<R>(statement: Statement): Promise<R[]>;
  /** The row, or null. More than one row is a mistake of ours. */
  maybeOne<R>(statement: Statement): Promise<R | null>;
  /** The row; its absence is a mistake of ours. */
  one<R>(statement: Statement): Promise<R>;
  /** How many rows an insert, update or delete touched. */
  execute(statement: Statement): Promise<number>;
}

/** An open transaction. Functions that need one ask for this type, so they cannot be called without it. */
export interface Tx extends Queryable {
  readonly isTransaction: true;
  /** Runs after the commit, in this process; for waking workers, never for work that must not be lost. */
  afterCommit(run: () => void): void;
}

export interface Db extends Queryable {
  /**
   * Runs `work` in one transaction and returns its result after the commit. Deadlocks and serialisation
   * failures are retried here and nowhere else, so `work` must not touch the outside world.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Calls `heard` for every NOTIFY on the channel, reconnecting for as long as the database is open.
   * `resumed` is called after each reconnection: what was said in between went unheard.
   */
  listen(channel: string, heard: (payload: string) => void, resumed?: () => void): Promise<void>;
  close(): Promise<void>;
}

const INT8 = 20;
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === INT8 && format !== "binary") return parseInt8;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

function parseInt8(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `int8 ${text} is beyond what a number holds`);
  return value;
}

const RETRYABLE = new Set(["40001", "40P01"]);
const MAX_TRIES = 6;

const sqlState = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;

/** True for the unique violation of that index or constraint; for inserts where the index is the last word. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== "23505") return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

function queryable(run: (statement: Statement) => Promise<pg.QueryResult>): Queryable {
  const query = async <R>(statement: Statement) => (await run(statement)).rows as R[];
  return {
    query,
    async maybeOne<R>(statement: Statement) {
      const rows = await query<R>(statement);
      assert(rows.length <= 1, "a statement for one row found several");
      return rows[0] ?? null;
    },
    async one<R>(statement: Statement) {
      const rows = await query<R>(statement);
      assert(rows.length === 1, `a statement for one row found ${rows.length}`);
      return rows[0] as R;
    },
    async execute(statement: Statement) {
      return (await run(statement)).rowCount ?? 0;
    },
  };
}

/** Opens a pool on a PostgreSQL. Nothing is connected until the first statement. */
export function openDatabase(options: {
  connectionString: string;
  poolSize: number;
  onError: (error: Error) => void;
}): Db {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.poolSize,
    types,
    connectionTimeoutMillis: 10_000,
    application_name: "tollgate",
  });
  let closed = false;
  // While closing, connections that the database ends first are no news.
  pool.on("error", (error) => {
    if (!closed) options.onError(error);
  });
  const listeners: pg.Client[] = [];

  async function attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const afterCommit: (() => void)[] = [];
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const tx: Tx = {
        ...queryable((statement) => client.query(statement)),
        isTransaction: true,
        afterCommit: (run) => void afterCommit.push(run),
      };
      const result = await work(tx);
      await client.query("commit");
      client.release();
      for (const run of afterCommit) run();
      return result;
    } catch (error) {
      await client.query("rollback").catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      client.release(broken);
      throw error;
    }
  }

  return {
    ...queryable((statement) => pool.query(statement)),
    async transaction(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (tries >= MAX_TRIES || !RETRYABLE.has(sqlState(error) ?? "")) throw error;
          // Spread the contenders; the exact wait does not matter.
          await sleep(Math.random() * 10 * 2 ** tries);
        }
      }
    },
    async listen(channel, heard, resumed) {
      const retry = () => {
        if (closed) return;
        setTimeout(() => void connect().then(resumed, retry), 1000).unref();
      };
      const connect = async (): Promise<void> => {
        if (closed) return;
        const client = new pg.Client({ connectionString: options.connectionString });
        client.on("notification", (message) => heard(message.payload ?? ""));
        client.on("error", () => {});
        await client.connect();
        await client.query(`listen ${pg.escapeIdentifier(channel)}`);
        client.on("end", retry);
        if (closed) await client.end();
        else listeners.push(client);
      };
      await connect();
    },
    async close() {
      closed = true;
      await Promise.all(listeners.map((client) => client.end().catch(() => {})));
      await pool.end();
    },
  };
}
