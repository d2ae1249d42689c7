import type { Config } from "../config.ts";
import type { Broadcast } from "./broadcast.ts";
import type { Clock } from "./clock.ts";
import type { Keys } from "./crypto.ts";
import type { Db } from "./database/index.ts";
import type { CountryDatabase } from "./geo/index.ts";
import type { Ids } from "./ids.ts";
import type { Jobs } from "./jobs.ts";
import type { Log } from "./log.ts";
import type { Random } from "./random.ts";

/**
 * Everything an operation may reach, built once in `compose.ts`. An operation names the part that it takes
 * (`Pick<Deps, "clock" | "ids">`), so its signature says what it can touch.
 */
export type Deps = {
  config: Config;
  db: Db;
  clock: Clock;
  ids: Ids;
  random: Random;
  keys: Keys;
  /** Country by client address, from the bundled database. */
  countries: CountryDatabase;
  /** What other processes changed that this one may keep in memory. */
  broadcast: Broadcast;
  jobs: Jobs;
  log: Log;
};
