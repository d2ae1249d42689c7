import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { StartError } from "../start-error.ts";

const FOLDER = fileURLToPath(new URL("../../../migrations/", import.meta.url));

// Any constant will do, as long as every Tollgate process uses the same one.
const LOCK = 7_305_118_042;

type Migration = { version: number; name: string; text: string; checksum: string };

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${FOLDER}${name}`, "utf8");
      return {
        version: Number(name.slice(0, 4)),
        name,
        text,
        checksum: createHash("sha256").update(text).digest("hex"),
      };
    }),
  );
}

/**
 * Brings the schema up to date: forward only, one transaction per file. Several processes may start at
 * once; an advisory lock lets one migrate while the others wait and then find nothing to do.
 * Refuses a database that a newer version has migrated, and a file that changed after it was applied.
 *
 * @returns the names of the files applied now.
 */
export async function migrate(connectionString: string): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    if (await isCurrent(client, migrations)) return [];
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(`create table if not exists schema_migrations (
      version int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    const applied = await appliedChecksums(client);
    refuseSurprises(migrations, applied);
    const done: string[] = [];
    for (const migration of migrations.filter(({ version }) => !applied.has(version))) {
      await client.query("begin");
      await client.query("set local lock_timeout = '10s'");
      await client.query("insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", [
        migration.version,
        migration.name,
        migration.checksum,
      ]);
      await client.query(migration.text);
      await client.query("commit");
      done.push(migration.name);
    }
    return done;
  } finally {
    // Ending the connection also gives the lock back.
    await client.end();
  }
}

async function isCurrent(client: pg.Client, migrations: Migration[]): Promise<boolean> {
  const { rows } = await client.query("select to_regclass('schema_migrations') is not null as present");
  if (!rows[0]?.present) return false;
  const applied = await appliedChecksums(client);
  refuseSurprises(migrations, applied);
  return migrations.every(({ version }) => applied.has(version));
}

async function appliedChecksums(client: pg.Client): Promise<Map<number, string>> {
  const { rows } = await client.query<{ version: number; checksum: string }>(
    "select version, checksum from schema_migrations",
  );
  return new Map(rows.map((row) => [row.version, row.checksum]));
}

function refuseSurprises(migrations: Migration[], applied: Map<number, string>): void {
  const newest = migrations.at(-1)?.version ?? 0;
  for (const version of applied.keys()) {
    if (version > newest) {
      throw new StartError(
        `The database was migrated by a newer Tollgate (migration ${version}, this one knows ${newest}); start that version instead.`,
      );
    }
  }
  for (const { version, name, checksum } of migrations) {
    const known = applied.get(version);
    if (known !== undefined && known !== checksum) {
      throw new StartError(
        `Migration ${name} was changed after this database applied it; restore the original file.`,
      );
    }
  }
}
