/** A server reduced to its database, for tests that kill it. Usage: `node owner.fixture.ts <data dir>`. */
import { startEmbeddedPostgres } from "./index.ts";

const say = (event: Record<string, string>) => process.stdout.write(`${JSON.stringify(event)}\n`);

try {
  const postgres = await startEmbeddedPostgres({
    dataDir: process.argv[2] ?? "",
    log: { info: () => undefined, warn: () => undefined },
    onProgress: (step) => say({ event: "progress", step }),
  });
  say({ event: "started", connectionString: postgres.connectionString });
  process.once("SIGTERM", () => void postgres.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
} catch (error) {
  const { name, message } = error as Error;
  say({ event: "refused", name, message });
  process.exitCode = 1;
}
