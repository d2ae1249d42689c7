import { expect, test } from "vitest";
import { createTestDatabase } from "../../../test/kit.ts";
import { migrate, openDatabase, type Statement, sql } from "./index.ts";

async function freshDatabase() {
  const database = await createTestDatabase();
  const db = openDatabase({ connectionString: database.connectionString, poolSize: 8, onError: () => {} });
  return {
    db,
    connectionString: database.connectionString,
    async [Symbol.asyncDispose]() {
      await db.close();
      await database.drop();
    },
  };
}

test("a fragment keeps its parameters in order when it is spliced into a statement", () => {
  const where = sql`a = ${1} and b = ${2}`;
  expect(sql`select * from t where x = ${0} and ${where} and c = ${3}`).toMatchObject({
    text: "select * from t where x = $1 and a = $2 and b = $3 and c = $4",
    values: [0, 1, 2, 3],
  });
});

test("a statement keeps one name, so PostgreSQL plans it once, and another text never shares it", () => {
  const plain = (id: number) => sql`select ${id}::int`;
  const spliced = (fragment: Statement) => sql`select 1 where ${fragment}`;
  expect(plain(1).name).toBeDefined();
  expect(plain(1).name).toBe(plain(2).name);
  expect(spliced(sql`a = ${1}`).name).toBe(spliced(sql`a = ${2}`).name);
  expect(spliced(sql`a = ${1}`).name).not.toBe(spliced(sql`b = ${1}`).name);
});

test("a bigint beyond what a number holds is refused instead of rounded", async () => {
  await using given = await freshDatabase();
  expect(await given.db.one(sql`select 9007199254740991::int8 n`)).toEqual({ n: 9007199254740991 });
  await expect(given.db.one(sql`select 9007199254740993::int8 n`)).rejects.toThrow(/int8/);
});

test("what runs after a commit does not run after a rollback", async () => {
  await using given = await freshDatabase();
  const heard: string[] = [];
  await given.db.transaction(async (tx) => tx.afterCommit(() => heard.push("committed")));
  await expect(
    given.db.transaction(async (tx) => {
      tx.afterCommit(() => heard.push("rolled back"));
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(heard).toEqual(["committed"]);
});

test("two transactions that lock each other's rows both succeed in the end", async () => {
  await using given = await freshDatabase();
  const { db } = given;
  await db.execute(sql`create table pair (id int primary key, n int not null)`);
  await db.execute(sql`insert into pair values (1, 0), (2, 0)`);
  let arrived = 0;
  let open: () => void = () => {};
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const crossing = (first: number, second: number) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`update pair set n = n + 1 where id = ${first}`);
      // Only the first try waits for the other; the retry after the deadlock goes straight through.
      arrived += 1;
      if (arrived >= 2) open();
      await both;
      await tx.execute(sql`update pair set n = n + 1 where id = ${second}`);
    });
  await Promise.all([crossing(1, 2), crossing(2, 1)]);
  expect(await db.query(sql`select n from pair order by id`)).toEqual([{ n: 2 }, { n: 2 }]);
  // Control: there was a deadlock to retry.
  expect(arrived).toBeGreaterThan(2);
});

test("processes that migrate at the same moment apply each file once", async () => {
  await using given = await freshDatabase();
  const { db, connectionString } = given;
  await db.execute(sql`drop schema public cascade`);
  await db.execute(sql`create schema public`);
  const applied = await Promise.all(Array.from({ length: 12 }, () => migrate(connectionString)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  const rows = await db.query<{ n: number }>(sql`select count(*) n from schema_migrations group by version`);
  expect(rows.every(({ n }) => n === 1)).toBe(true);
});

test("a database of a newer version is left alone", async () => {
  await using given = await freshDatabase();
  await given.db.execute(
    sql`insert into schema_migrations (version, name, checksum) values (9999, 'future', 'x')`,
  );
  await expect(migrate(given.connectionString)).rejects.toThrow(/newer Tollgate/);
});

test("a migration that was edited after it was applied is refused", async () => {
  await using given = await freshDatabase();
  await given.db.execute(sql`update schema_migrations set checksum = 'other' where version = 1`);
  await expect(migrate(given.connectionString)).rejects.toThrow(/was changed/);
});
