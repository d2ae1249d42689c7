import { DateTime, Duration } from "luxon";
import { advanceTenantClock, findTenant, tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError, assert } from "../../platform/errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_YEARS = 5;

const refuse = (message: string) => new AppError("invalid_payload", 400, message);

/**
 * Where a request wants the clock: `{advance: "P1M"}` counts in calendar units from now (UTC), `{now: "…"}` is
 * an instant with its offset.
 * @throws `invalid_payload` for anything else, and for a jump of more than five years or backwards.
 */
export function readTarget(body: Record<string, unknown>, now: Date): Date {
  const from = DateTime.fromJSDate(now, { zone: "utc" });
  let to: DateTime;
  if (typeof body.advance === "string" && body.now === undefined) {
    const step = Duration.fromISO(body.advance);
    if (!step.isValid) throw refuse('advance must be an ISO 8601 duration such as "P1M" or "PT2H".');
    to = from.plus(step);
  } else if (typeof body.now === "string" && body.advance === undefined) {
    to = DateTime.fromISO(body.now, { zone: "utc" });
    if (!/(Z|[+-]\d{2}:?\d{2})$/i.test(body.now)) to = DateTime.invalid("no offset");
    if (!to.isValid) throw refuse('now must be an ISO 8601 instant such as "2031-03-01T10:00:00Z".');
  } else {
    throw refuse('Send either {"advance": "P1M"} or {"now": "2031-03-01T10:00:00Z"}.');
  }
  if (to < from) throw new AppError("clock_backwards", 400, "The test clock only moves forward.");
  if (to > from.plus({ years: MAX_YEARS })) throw refuse(`One step may be at most ${MAX_YEARS} years.`);
  return to.toJSDate();
}

/**
 * The stops on the way, the last one being the target. What falls due between two stops happens at the
 * later one, so the stops are close where retries count in minutes, and days apart where periods do.
 */
export function clockStops(from: Date, to: Date): Date[] {
  const span = to.getTime() - from.getTime();
  const step = span <= 6 * HOUR_MS ? 5 * MINUTE_MS : span <= 3 * DAY_MS ? HOUR_MS : DAY_MS;
  const stops: Date[] = [];
  for (let at = from.getTime() + step; at < to.getTime(); at += step) stops.push(new Date(at));
  return [...stops, to];
}

/** Moves a tenant's clock stop by stop and runs what falls due at each. Returns the tenant's new time. */
export async function moveClock(deps: Deps, tenantId: string, body: Record<string, unknown>): Promise<Date> {
  const tenant = await findTenant(deps.db, tenantId);
  assert(tenant, "the demonstration has its tenant");
  const from = tenantNow(deps.clock, tenant);
  const to = readTarget(body, from);
  for (const target of clockStops(from, to)) {
    const realNow = deps.clock.now();
    await deps.db.transaction((tx) => advanceTenantClock(tx, tenantId, { realNow, target }));
    await deps.jobs.runAllDue();
  }
  return to;
}
