import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { buy, type Sale, someone } from "../../../test/selling.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { AppError } from "../../platform/errors.ts";
import {
  balanceOf,
  type CreditAccount,
  captureHold,
  creditCredits,
  debitCredits,
  expireCredits,
  expireHolds,
  findDrift,
  foldDebit,
  holdCredits,
  type LotKind,
  PRIORITIES,
  projectContractCredits,
  readEntries,
  releaseHold,
} from "./index.ts";

let server: TestServer;
let shop: Shop;
beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server, {
    settings: { tokenization: { queries: [{ type: "standard", monthly: 7, rollover: { max: 3 } }] } },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

async function newAccount(): Promise<CreditAccount & { mode: "test" }> {
  const { customer } = await signedInCustomer(server, shop);
  const { tenantId, paywallId } = shop;
  return { tenantId, customerId: customer.id, paywallId, mode: "test", type: "standard" };
}
const by = (amount: number, key: string | null = null) => ({
  amount,
  key,
  actor: "test",
  now: server.clock.now(),
});
const give = (account: CreditAccount, amount: number, lot: { kind: LotKind; expiresAt?: Date | null }) =>
  creditCredits(server.deps.db, server.deps, account, { ...by(amount), lot });
const debit = (account: CreditAccount, amount: number, key: string | null = null) =>
  debitCredits(server.deps.db, server.deps, account, by(amount, key));
const hold = (account: CreditAccount, amount: number, seconds = 600) =>
  holdCredits(server.deps.db, server.deps, account, { ...by(amount), seconds });
const capture = (holdId: string, amount: number) =>
  captureHold(server.deps.db, server.deps, { holdId, amount, now: server.clock.now() });
const balance = (account: CreditAccount) => balanceOf(server.deps.db, account, server.clock.now());
const inSeconds = (seconds: number) => new Date(server.clock.now().getTime() + seconds * 1000);
const lotsOf = (account: CreditAccount) =>
  server.deps.db.query<{ kind: string; remaining: number }>(sql`
    select l.kind, l.remaining from credit_lots l join credit_accounts a on a.id = l.account_id
    where a.customer_id = ${account.customerId} order by l.id`);

describe("credits", () => {
  test("are spent from what expires soonest, and then trial, promo, plan, rollover, refund, purchased", async () => {
    const account = await newAccount();
    const kinds = Object.keys(PRIORITIES).reverse() as LotKind[];
    for (const kind of kinds) await give(account, 1, { kind });
    await give(account, 1, { kind: "purchased", expiresAt: inSeconds(60) });
    await give(account, 1, { kind: "plan", expiresAt: inSeconds(30) });
    const spent: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      await debit(account, 1);
      const [entry] = await readEntries(server.deps.db, { ...account, now: server.clock.now() }, 1);
      spent.push(entry?.lotKind ?? "");
    }
    expect(spent).toEqual(["plan", "purchased", "trial", "promo", "plan", "rollover", "refund", "purchased"]);
  });

  test("a debit is all or nothing, across lots as well", async () => {
    const account = await newAccount();
    await give(account, 3, { kind: "trial" });
    await give(account, 4, { kind: "promo" });
    expect(await debit(account, 8)).toEqual({ insufficient: true, available: 7 });
    expect(await balance(account)).toBe(7);
    expect(await debit(account, 5)).toMatchObject({ balance: 2, available: 2 });
    expect(await lotsOf(account)).toEqual([
      { kind: "trial", remaining: 0 },
      { kind: "promo", remaining: 2 },
    ]);
  });

  test("what a hold keeps is spent by nobody else, and is charged once by what the call really cost", async () => {
    const account = await newAccount();
    await give(account, 10, { kind: "promo" });
    const kept = await hold(account, 8);
    if ("insufficient" in kept) throw new Error("refused");
    expect(await debit(account, 3)).toEqual({ insufficient: true, available: 2 });
    expect(await balance(account)).toBe(2);
    expect(await capture(kept.holdId, 5)).toMatchObject({ captured: 5, balance: 5, replayed: false });
    expect(await capture(kept.holdId, 5)).toMatchObject({ captured: 5, balance: 5, replayed: true });
    expect(
      await releaseHold(server.deps.db, server.deps, { holdId: kept.holdId, now: server.clock.now() }),
    ).toBe(false);
    // More than was kept, as far as it is there and nobody else has it.
    const small = await hold(account, 1);
    const other = await hold(account, 1);
    if ("insufficient" in small || "insufficient" in other) throw new Error("refused");
    expect(await capture(small.holdId, 9)).toMatchObject({ captured: 4, balance: 1, available: 0 });
    expect(await capture(other.holdId, 1)).toMatchObject({ captured: 1, balance: 0 });
  });

  test("a hold that nobody ends is given back when its time is over, and a late end still charges", async () => {
    const account = await newAccount();
    await give(account, 5, { kind: "promo" });
    const kept = await hold(account, 5, 60);
    if ("insufficient" in kept) throw new Error("refused");
    expect(await expireHolds(server.deps)).toBe(0);
    server.clock.advance({ seconds: 61 });
    expect(await expireHolds(server.deps)).toBe(1);
    expect(await balance(account)).toBe(5);
    await debit(account, 3);
    expect(await capture(kept.holdId, 5)).toMatchObject({ captured: 2, balance: 0 });
  });

  test("credits past their time are not spent, whether or not anybody has swept them, and end once", async () => {
    const account = await newAccount();
    await give(account, 5, { kind: "plan", expiresAt: inSeconds(60) });
    await give(account, 2, { kind: "purchased" });
    server.clock.advance({ seconds: 61 });
    expect(await balance(account)).toBe(2);
    expect(await debit(account, 3)).toEqual({ insufficient: true, available: 2 });
    await expireCredits(server.deps);
    expect(await expireCredits(server.deps)).toBe(0);
    expect(await lotsOf(account)).toEqual([
      { kind: "plan", remaining: 0 },
      { kind: "purchased", remaining: 2 },
    ]);
  });

  test("the same key moves credits once and answers the same; with another amount it is refused", async () => {
    const account = await newAccount();
    const lot = { lot: { kind: "promo" as const } };
    const { db } = server.deps;
    for (const replayed of [false, true]) {
      const answer = await creditCredits(db, server.deps, account, { ...by(10, "k1"), ...lot });
      expect(answer).toMatchObject({ balance: 10, replayed });
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => debit(account, 4, "k2")));
    for (const answer of answers) expect(answer).toMatchObject({ balance: 6, available: 6 });
    expect(await balance(account)).toBe(6);
    await expect(debit(account, 5, "k2")).rejects.toMatchObject({ code: "idempotency_key_reused" });
    // A refusal is not kept: once there is enough, the same key goes through.
    expect(await debit(account, 7, "k3")).toEqual({ insufficient: true, available: 6 });
    await give(account, 1, { kind: "promo" });
    expect(await debit(account, 7, "k3")).toMatchObject({ balance: 0 });
  });

  test("what a lot leaves over goes on as rollover as far as its rule says, and for as long", async () => {
    const account = await newAccount();
    await creditCredits(server.deps.db, server.deps, account, {
      ...by(10),
      lot: { kind: "plan", expiresAt: inSeconds(60), rollover: { max: 4, for: "P1D" } },
    });
    await debit(account, 3);
    server.clock.advance({ seconds: 61 });
    expect(await balance(account)).toBe(4);
    expect(await debit(account, 1)).toMatchObject({ balance: 3 });
    expect(await lotsOf(account)).toMatchObject([
      { kind: "plan", remaining: 0 },
      { kind: "rollover", remaining: 3 },
    ]);
    server.clock.advance({ days: 1 });
    await expireCredits(server.deps);
    expect(await balance(account)).toBe(0);
  });

  test("a balance that falls low is told once, and when it is gone", async () => {
    const account = await newAccount();
    await give(account, 10, { kind: "promo" });
    await server.deps.db.execute(
      sql`update credit_accounts set low_at = 3 where customer_id = ${account.customerId}`,
    );
    for (const amount of [6, 1, 1, 2]) await debit(account, amount);
    const told = await server.deps.db.query<{ type: string; data: { balance: number } }>(sql`
      select type, data from events where customer_id = ${account.customerId} and type like 'balance.%' order by created_at, id`);
    expect(told.map(({ type, data }) => [type, data.balance]).sort()).toEqual([
      ["balance.depleted", 0],
      ["balance.low", 3],
    ]);
  });
});

describe("the database itself", () => {
  test("refuses to change balances, lots and entries by any other way than an entry, and to overdraw by one", async () => {
    const account = await newAccount();
    await give(account, 5, { kind: "promo" });
    const { db, ids } = server.deps;
    const { id, lotId } = await db.one<{ id: number; lotId: string }>(sql`
      select a.id, l.id "lotId" from credit_accounts a join credit_lots l on l.account_id = a.id
      where a.customer_id = ${account.customerId}`);
    const other = await newAccount();
    await give(other, 1, { kind: "promo" });
    const { foreignId } = await db.one<{ foreignId: number }>(
      sql`select id "foreignId" from credit_accounts where customer_id = ${other.customerId}`,
    );
    const entry = (accountId: number, delta: number) =>
      sql`insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, occurred_at)
        values (${ids.next("ledgerEntry")}, ${account.tenantId}, ${accountId}, ${lotId}, ${delta}, 0, 'debit', 'thief', now())`;
    const attempts = {
      "a balance": sql`update credit_accounts set balance = balance + 1 where id = ${id}`,
      "what is held": sql`update credit_accounts set held = 1 where id = ${id}`,
      "a lot": sql`update credit_lots set remaining = 4 where id = ${lotId}`,
      "a lot that begins full": sql`insert into credit_lots (id, tenant_id, account_id, kind, granted, remaining, priority, created_at)
        values ('lot_x', ${account.tenantId}, ${id}, 'promo', 9, 9, 1, now())`,
      "an entry": sql`update credit_entries set delta = 1 where account_id = ${id}`,
      "an entry that goes": sql`delete from credit_entries where account_id = ${id}`,
      "all entries": sql`truncate credit_entries`,
      "more than there is": entry(id, -6),
      "another's lot": entry(foreignId, -1),
      "a hold of more than there is": sql`insert into credit_holds (id, tenant_id, account_id, amount, actor, created_at, expires_at)
        values ('hld_x', ${account.tenantId}, ${id}, 6, 'thief', now(), now())`,
    };
    for (const [name, statement] of Object.entries(attempts)) {
      await expect(db.execute(statement), name).rejects.toThrow();
    }
    expect(await balance(account)).toBe(5);
    expect(await findDrift(db)).toEqual([]);
  });

  test("drift is found when somebody gets round the rules", async () => {
    const account = await newAccount();
    await give(account, 5, { kind: "promo" });
    const { db } = server.deps;
    // As a superuser could, with the rules switched off.
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.execute(
        sql`update credit_accounts set balance = balance + 1 where customer_id = ${account.customerId}`,
      );
    });
    expect(await findDrift(db)).toMatchObject([{ balance: 6, entries: 5, lots: 5 }]);
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.execute(
        sql`update credit_accounts set balance = balance - 1 where customer_id = ${account.customerId}`,
      );
    });
    expect(await findDrift(db)).toEqual([]);
  });
});

/** Numbers that a seed repeats. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** A contract's next period begins now, and its bill is paid. */
async function renew({ contractId }: Sale): Promise<void> {
  const at = server.clock.now();
  await server.deps.db.transaction(async (tx) => {
    const end = inSeconds(600);
    const begun = await tx.maybeOne(sql`
      update contracts set period_start_at = ${at}, period_end_at = ${end}
      where id = ${contractId} and period_start_at < ${at} returning id`);
    if (begun) {
      await tx.execute(sql`
        update bills set period_end_at = ${at} where contract_id = ${contractId} and period_end_at > ${at}`);
      await tx.execute(sql`
        insert into bills (id, tenant_id, mode, number, contract_id, customer_id, connection_id, external_id, lines, currency,
          gross_minor, paid_minor, state, period_start_at, period_end_at, issued_at, created_at)
        select ${server.deps.ids.next("bill")}, b.tenant_id, b.mode, n.number, b.contract_id, b.customer_id, b.connection_id,
          'bill-' || n.number, b.lines, b.currency, b.gross_minor, b.gross_minor, 'paid', ${at}, ${end}, ${at}, ${at}
        from (select * from bills where contract_id = ${contractId} limit 1) b,
          lateral (select (random() * 1e12)::bigint + 1000 number) n`);
    }
    await projectContractCredits(tx, server.deps, { contractId, at });
  });
}

/** One of a contract's bills is given back, and the news of it is heard twice. */
async function giveBack({ contractId }: Sale, which: number): Promise<void> {
  const at = server.clock.now();
  for (let heard = 0; heard < 2; heard += 1) {
    await server.deps.db.transaction(async (tx) => {
      await tx.query(sql`select id from contracts where id = ${contractId} for update`);
      if (heard === 0) {
        await tx.execute(sql`
          update bills set state = 'refunded' where id = (select id from bills where contract_id = ${contractId}
            order by issued_at, id offset ${which} limit 1)`);
      }
      await projectContractCredits(tx, server.deps, { contractId, at });
    });
  }
}

describe("conservation", () => {
  const seeds = process.env.CREDIT_SEED
    ? [Number(process.env.CREDIT_SEED)]
    : [1, 20_311, (Date.now() % 1_000_000) + 1];

  test.each(seeds)(
    "seed %i: whatever is interleaved, sums agree, nothing is below zero and replays change nothing",
    async (seed) => {
      console.info(`CREDIT_SEED=${seed}`);
      const draw = chance(seed);
      const { db } = server.deps;
      const sales = await Promise.all(
        [someone(), someone(), someone()].map((email) => buy(server, shop, { email })),
      );
      const { tenantId, paywallId } = shop;
      const accounts = sales.map(
        ({ customerId }): CreditAccount => ({
          tenantId,
          customerId,
          paywallId,
          mode: "test",
          type: "standard",
        }),
      );
      const holds: string[] = [];
      // What the accounts' owners were given and what they were charged, as they were told.
      let given = 0;
      let charged = 0;
      let keys = 0;

      const act = async (): Promise<void> => {
        const account = accounts[draw(accounts.length)] as CreditAccount;
        const amount = 1 + draw(9);
        keys += 1;
        const key = `${seed}:${keys}`;
        const kinds: LotKind[] = ["trial", "promo", "plan", "purchased"];
        switch (draw(12)) {
          case 0:
          case 1: {
            const expiresAt = draw(2) ? inSeconds(1 + draw(300)) : null;
            const rollover = draw(2) ? { max: draw(5), for: draw(2) ? "PT2M" : null } : undefined;
            const lot = { kind: kinds[draw(4)] as LotKind, expiresAt, ...(rollover && { rollover }) };
            const first = await creditCredits(db, server.deps, account, { ...by(amount, key), lot });
            const again = await creditCredits(db, server.deps, account, { ...by(amount, key), lot });
            expect([first.replayed, again.replayed, again.balance]).toEqual([false, true, first.balance]);
            given += amount;
            return;
          }
          case 2:
          case 3: {
            const first = await debit(account, amount, key);
            if ("insufficient" in first) return expect(first.available).toBeLessThan(amount);
            charged += amount;
            expect(first.available).toBeGreaterThanOrEqual(0);
            expect(await debit(account, amount, key)).toEqual({ ...first, replayed: true });
            return;
          }
          case 4:
          case 5: {
            const kept = await hold(account, amount, 30 + draw(200));
            if (!("insufficient" in kept)) holds.push(kept.holdId);
            return;
          }
          case 6: {
            const [holdId] = holds.splice(draw(holds.length || 1), 1);
            if (!holdId) return;
            const first = await capture(holdId, amount);
            charged += first.replayed ? 0 : first.captured;
            expect(await capture(holdId, amount)).toMatchObject({ captured: first.captured, replayed: true });
            return;
          }
          case 7: {
            const [holdId] = holds.splice(draw(holds.length || 1), 1);
            if (holdId) await releaseHold(db, server.deps, { holdId, now: server.clock.now() });
            return;
          }
          case 8:
          case 9:
            return renew(sales[draw(sales.length)] as Sale);
          case 10:
            return giveBack(sales[draw(sales.length)] as Sale, draw(4));
          default:
            server.clock.advance({ seconds: draw(40) });
            await expireHolds(server.deps);
            await expireCredits(server.deps);
        }
      };
      // Ten at a time: the database decides who is first.
      for (let round = 0; round < 40; round += 1) {
        const done = await Promise.allSettled(Array.from({ length: 10 }, act));
        for (const it of done) if (it.status === "rejected") throw it.reason;
        expect(await findDrift(db)).toEqual([]);
      }
      const ids = accounts.map(({ customerId }) => customerId);
      const sums = await db.one<{
        balance: number;
        entries: number;
        ended: number;
        spent: number;
        granted: number;
        ofPlans: number;
        back: number;
        lowest: number;
      }>(sql`
      select sum(e.delta)::bigint entries, min(e.balance_after) lowest,
        coalesce(-sum(e.delta) filter (where e.reason in ('debit', 'capture')), 0)::bigint spent,
        coalesce(-sum(e.delta) filter (where e.reason in ('expire', 'rollover')), 0)::bigint ended,
        coalesce(-sum(e.delta) filter (where e.reason = 'refund'), 0)::bigint back,
        coalesce(sum(e.delta) filter (where e.reason = 'grant' and l.contract_id is null), 0)::bigint granted,
        coalesce(sum(e.delta) filter (where e.reason = 'grant' and l.contract_id is not null), 0)::bigint "ofPlans",
        (select sum(balance)::bigint from credit_accounts where customer_id = any (${ids})) balance
      from credit_entries e join credit_accounts a on a.id = e.account_id join credit_lots l on l.id = e.lot_id
      where a.customer_id = any (${ids})`);
      expect(sums).toMatchObject({ granted: given, spent: charged, balance: sums.entries });
      expect(given + sums.ofPlans - charged - sums.ended - sums.back).toBe(sums.balance);
      // Once per period of a contract, whoever was first; and nothing of what was given back can be spent.
      const periods = await db.query<{
        granted: number;
        reversed: number;
        remaining: number;
        isBack: boolean;
      }>(sql`
        select sum(l.granted)::bigint granted, sum(l.reversed)::bigint reversed, sum(l.remaining)::bigint remaining,
          exists (select from bills b where b.contract_id = l.contract_id and b.state = 'refunded'
            and b.period_start_at <= l.period_start_at and b.period_end_at > l.period_start_at) "isBack"
        from credit_lots l where l.contract_id = any (${sales.map(({ contractId }) => contractId)}) and l.kind = 'plan'
        group by l.contract_id, l.period_start_at`);
      expect(periods.length).toBeGreaterThan(sales.length);
      for (const { granted, reversed, isBack } of periods) {
        expect([granted, reversed]).toEqual([7, isBack ? 7 : 0]);
      }
      expect(sums.lowest).toBeGreaterThanOrEqual(0);
    },
  );

  test("debits that go together are each on their own terms: in order, once per key, and never below zero", async () => {
    const account = await newAccount();
    await give(account, 100, { kind: "promo" });
    const amounts = Array.from({ length: 150 }, (_, i) => (i % 10 === 9 ? 50 : 1));
    const answers = await Promise.all(
      amounts.map((amount, i) =>
        foldDebit(server.deps, account, by(amount, i % 7 === 0 ? `fold-${i % 2}` : null)).catch(
          (e: AppError) => e,
        ),
      ),
    );
    const spent = answers.reduce(
      (sum, it, i) => sum + ("balance" in it && !it.replayed ? (amounts[i] ?? 0) : 0),
      0,
    );
    expect(await balance(account)).toBe(100 - spent);
    // Once per key, whatever came with it later.
    const first = answers.filter((it, i) => i % 7 === 0 && "balance" in it && !it.replayed);
    expect(first).toHaveLength(2);
    expect(answers.some((it) => it instanceof AppError && it.code === "idempotency_key_reused")).toBe(true);
    for (const it of answers) if ("available" in it) expect(it.available).toBeGreaterThanOrEqual(0);
    expect(await findDrift(server.deps.db)).toEqual([]);
    // Each moved the balance by its own amount.
    const balances = answers.flatMap((it) => ("balance" in it && !it.replayed ? [it.balance] : []));
    expect(new Set(balances).size).toBe(balances.length);
  });

  test("500 debits at once of a balance of 100 succeed exactly a hundred times", async () => {
    const account = await newAccount();
    await give(account, 60, { kind: "promo" });
    await give(account, 40, { kind: "plan", expiresAt: inSeconds(600) });
    const answers = await Promise.all(Array.from({ length: 500 }, () => debit(account, 1)));
    expect(answers.filter((it) => !("insufficient" in it))).toHaveLength(100);
    expect(await balance(account)).toBe(0);
  });
});
