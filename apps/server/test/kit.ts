import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { createApp } from "../src/app.ts";
import { compose } from "../src/compose.ts";
import { type Config, readConfig } from "../src/config.ts";
import { ManualClock } from "../src/platform/clock.ts";
import { migrate } from "../src/platform/database/index.ts";
import type { Deps } from "../src/platform/deps.ts";
import { createLog } from "../src/platform/log.ts";
import type {} from "./global-setup.ts";

/** One server of a test file: the real application on a database of its own, with a clock that stands still. */
export type TestServer = {
  deps: Deps;
  clock: ManualClock;
  /** Sends a request through the real router; `from` is the client's address. */
  fetch(path: string, init?: RequestInit & { from?: string; host?: string }): Promise<Response>;
  get<T = unknown>(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T; headers: Headers }>;
  post<T = unknown>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    from?: string,
  ): Promise<{ status: number; body: T; headers: Headers }>;
  /** Runs every job until nothing is due. */
  settle(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const SECRET = "test-secret-test-secret-test-secret-0001";
const TEMPLATE_LOCK = 771;

/** A fresh, migrated database: cloned from a template that the first caller of the run migrates. */
export async function createTestDatabase(): Promise<{ connectionString: string; drop(): Promise<void> }> {
  // A test of the browser project has no global set-up and brings its own cluster.
  const admin = inject("databaseUrl") ?? process.env.TEST_DATABASE_URL;
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  const template = "tollgate_template";
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  const urlOf = (database: string) => {
    const url = new URL(admin);
    url.pathname = `/${database}`;
    return url.href;
  };
  try {
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [template]);
    if (rowCount === 0) {
      await client.query("drop database if exists tollgate_building");
      await client.query("create database tollgate_building");
      await migrate(urlOf("tollgate_building"));
      await client.query(`alter database tollgate_building rename to ${template}`);
    }
    await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
  return {
    connectionString: urlOf(name),
    async drop() {
      const admin2 = new pg.Client({ connectionString: admin });
      await admin2.connect();
      await admin2.query(`drop database if exists ${name} with (force)`);
      await admin2.end();
    },
  };
}

/** Starts the application on a fresh database. Jobs run only when a test calls `settle()`. */
export async function startTestServer(
  options: {
    now?: string;
    /** Instead of one that stands still at `now`. */
    clock?: ManualClock;
    env?: Record<string, string>;
    config?: Partial<Config>;
    secret?: string;
  } = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const clock = options.clock ?? new ManualClock(options.now ?? "2031-03-01T10:00:00.000Z");
  const config: Config = {
    ...readConfig({
      TOLLGATE_DEMO: "0",
      TOLLGATE_SECRET: SECRET,
      TOLLGATE_BASE_URL: "http://tollgate.test",
      DATABASE_URL: database.connectionString,
      DATABASE_POOL_SIZE: "24",
      TOLLGATE_RATE_LIMIT_PER_MINUTE: "0",
      LOG_LEVEL: "silent",
      ...options.env,
    }),
    ...options.config,
  };
  const deps = await compose({
    config,
    connectionString: database.connectionString,
    secret: options.secret ?? SECRET,
    clock,
    log: createLog(process.env.TEST_LOG ?? "silent"),
  });
  const { app } = createApp(deps);

  const fetch: TestServer["fetch"] = async (path, { from, host, ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (host) headers.set("host", host);
    const bindings = { incoming: { socket: { remoteAddress: from ?? "203.0.113.7" } } };
    const url = path.startsWith("http") ? path : `${host ? `http://${host}` : config.baseUrl}${path}`;
    return app.fetch(new Request(url, { ...init, headers }), bindings);
  };
  const read = async <T>(response: Response) => {
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      body: (isJson && text ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
  };
  return {
    deps,
    clock,
    fetch,
    get: async (path, headers) => read(await fetch(path, { headers })),
    post: async (path, body, headers, from) =>
      read(
        await fetch(path, {
          method: "POST",
          body: body === undefined ? undefined : JSON.stringify(body),
          headers: { "content-type": "application/json", ...headers },
          from,
        }),
      ),
    settle: () => deps.jobs.runAllDue(),
    async [Symbol.asyncDispose]() {
      await deps.jobs.stop();
      await deps.db.close();
      await database.drop();
    },
  };
}
