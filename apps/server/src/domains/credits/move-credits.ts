import { prepared, type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { type CreditAccount, type LotKind, PRIORITIES } from "./account.ts";

type Result = { outcome: string; balance: number; available: number; holdId: string | null; told: boolean };

/** What a movement left behind. `replayed`: an earlier call with the same key did it, and this is what it answered. */
export type Moved = { balance: number; available: number; replayed: boolean };
export type Refused = { insufficient: true; available: number };

export const creditErrors = {
  keyReused: () =>
    new AppError("idempotency_key_reused", 422, "This idempotency key was used for another request."),
};

/** Everything that an operation needs to know beside the account. */
export type Movement = {
  /** A positive whole number. */
  amount: number;
  /** The same key twice moves credits once, whatever happens in between. Unique within the tenant. */
  key?: string | null;
  /** Who does it: a key's id, `customer`, `system`. */
  actor: string;
  /** What it is for: a request's id, for example. */
  reference?: string | null;
  /** The tenant's time. */
  now: Date;
};

type CreditDeps = Pick<Deps, "clock" | "ids" | "jobs">;

const DEBIT = prepared(`
  select r.outcome, r.balance, r.available, r.hold_id "holdId", r.told from credit_debit(
    credit_account($1, $2, $3, $4, $5, $6), $7, $8, 'debit', $9, $10, $6, $11) r`);
const HOLD = prepared(`
  select r.outcome, r.balance, r.available, r.hold_id "holdId", r.told from credit_hold(
    credit_account($1, $2, $3, $4, $5, $6), $7, $8, $9, $10, $11, $6, $12, $13) r`);
const GRANT = prepared(`
  select r.outcome, r.balance, r.available, r.hold_id "holdId", r.told from credit_grant(
    credit_account($1, $2, $3, $4, $5, $6), $7, $8, $9, $10, $11, $12, $13::interval, $14, $15, $16, $17, $18, $6, $19) r`);
const CAPTURE = prepared(
  `select outcome, captured, balance, available, told from credit_capture($1, $2, $3, $4)`,
);
const RELEASE = prepared(`select credit_release($1, $2, $3, $4) released`);

const accountOf = (account: CreditAccount, now: Date): unknown[] => [
  account.tenantId,
  account.customerId,
  account.paywallId ?? "",
  account.mode,
  account.type,
  now,
];

function moved(deps: CreditDeps, result: Result): Moved {
  if (result.outcome === "key_reused") throw creditErrors.keyReused();
  if (result.told) deps.jobs.wake("outbox");
  const { balance, available } = result;
  return { balance, available, replayed: result.outcome === "replayed" };
}

/**
 * Takes credits, all or nothing. One statement: it may run outside a transaction, and is race-safe either way.
 * @throws 422 `idempotency_key_reused`
 */
export async function debitCredits(
  q: Queryable,
  deps: CreditDeps,
  account: CreditAccount,
  by: Movement,
): Promise<Moved | Refused> {
  const result = await q.one<Result>(
    DEBIT(
      ...accountOf(account, by.now),
      by.amount,
      by.key ?? null,
      by.actor,
      by.reference ?? null,
      deps.clock.now(),
    ),
  );
  if (result.outcome === "insufficient") return { insufficient: true, available: result.available };
  return moved(deps, result);
}

/** What a lot is for, and when it ends. */
export type NewLot = {
  kind: LotKind;
  expiresAt?: Date | null;
  /** How much may go over into a lot of its own at the end, and for how long (ISO 8601); null is for ever. */
  rollover?: { max: number; for: string | null };
  /** Whatever it is given for; a second lot for the same is not given. */
  originKey?: string | null;
  contractId?: string | null;
  /** Where the part of the contract begins that it is given for. */
  periodStartAt?: Date | null;
};

/** Gives credits as a lot of their own. @throws 422 `idempotency_key_reused` */
export async function creditCredits(
  q: Queryable,
  deps: CreditDeps,
  account: CreditAccount,
  by: Movement & { lot: NewLot },
): Promise<Moved & { existed: boolean }> {
  const { lot } = by;
  const result = await q.one<Result>(
    GRANT(
      ...accountOf(account, by.now),
      deps.ids.next("balanceLot"),
      lot.kind,
      by.amount,
      PRIORITIES[lot.kind],
      lot.expiresAt ?? null,
      lot.rollover?.max ?? 0,
      lot.rollover?.for ?? null,
      lot.originKey ?? null,
      lot.contractId ?? null,
      lot.periodStartAt ?? null,
      by.key ?? null,
      by.actor,
      deps.clock.now(),
    ),
  );
  return { ...moved(deps, result), existed: result.outcome === "exists" };
}

/** How long a hold lives unless it is renewed (product spec §2.2). */
export const HOLD_SECONDS = 600;

/** Keeps credits for a call that may take place. @throws 422 `idempotency_key_reused` */
export async function holdCredits(
  q: Queryable,
  deps: CreditDeps,
  account: CreditAccount,
  by: Movement & { seconds?: number },
): Promise<(Moved & { holdId: string }) | Refused> {
  const real = deps.clock.now();
  const until = new Date(real.getTime() + (by.seconds ?? HOLD_SECONDS) * 1000);
  const result = await q.one<Result>(
    HOLD(
      ...accountOf(account, by.now),
      deps.ids.next("balanceHold"),
      by.amount,
      by.key ?? null,
      by.actor,
      by.reference ?? null,
      real,
      until,
    ),
  );
  if (result.outcome === "insufficient") return { insufficient: true, available: result.available };
  return { ...moved(deps, result), holdId: result.holdId ?? "" };
}

/**
 * Charges the call that a hold was for, by what it really cost: more than was held if that is there, never more than is
 * there. `captured` is what was charged, now or by an earlier capture; 0 for a hold that was given back or is unknown.
 */
export async function captureHold(
  q: Queryable,
  deps: CreditDeps,
  input: { holdId: string; amount: number; now: Date },
): Promise<{ captured: number; balance: number; available: number; replayed: boolean }> {
  const result = await q.one<Result & { captured: number | null }>(
    CAPTURE(input.holdId, input.amount, input.now, deps.clock.now()),
  );
  if (result.told) deps.jobs.wake("outbox");
  const { captured, balance, available } = result;
  const replayed = result.outcome !== "done";
  return { captured: captured ?? 0, balance: balance ?? 0, available: available ?? 0, replayed };
}

/** Gives back what a hold kept. False when it was closed before, by whatever. */
export async function releaseHold(
  q: Queryable,
  deps: Pick<Deps, "clock">,
  input: { holdId: string; now: Date },
): Promise<boolean> {
  const { released } = await q.one<{ released: boolean }>(
    RELEASE(input.holdId, "released", input.now, deps.clock.now()),
  );
  return released;
}

/** Keeps a hold alive while its call lasts. False when it is closed. */
export async function renewHold(
  q: Queryable,
  deps: Pick<Deps, "clock">,
  input: { holdId: string; seconds?: number },
): Promise<boolean> {
  const until = new Date(deps.clock.now().getTime() + (input.seconds ?? HOLD_SECONDS) * 1000);
  const renewed = await q.execute(sql`
    update credit_holds set expires_at = greatest(expires_at, ${until}) where id = ${input.holdId} and state = 'open'`);
  return renewed === 1;
}
