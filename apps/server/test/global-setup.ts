/** Starts one PostgreSQL for the whole run of the tests, whichever of our test projects asks first. */
import type { TestProject } from "vitest/node";
import { startTestPostgres } from "../src/platform/embedded-postgres/for-tests.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL role that may create databases, on the cluster of this run. */
    databaseUrl: string;
  }
}

/** Honours a `TEST_DATABASE_URL` that is set already, to run the tests against another PostgreSQL. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    project.provide("databaseUrl", given);
    return async () => undefined;
  }
  const postgres = await startTestPostgres();
  // The workers inherit this environment.
  process.env.TEST_DATABASE_URL = postgres.connectionString;
  project.provide("databaseUrl", postgres.connectionString);

  const stopAndLeave = (signal: NodeJS.Signals) => {
    void postgres.stop().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGINT", stopAndLeave);
  process.once("SIGTERM", stopAndLeave);
  return async () => {
    process.off("SIGINT", stopAndLeave);
    process.off("SIGTERM", stopAndLeave);
    delete process.env.TEST_DATABASE_URL;
    await postgres.stop();
  };
}
