import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startTestServer } from "../../test/kit.ts";
import { openKeys } from "./crypto.ts";
import { sql } from "./database/index.ts";
import { outboxJob, recordEvent, type StoredEvent } from "./events.ts";
import { once } from "./idempotency.ts";
import { parseRef } from "./ids.ts";
import { createJobs } from "./jobs.ts";
import { peekLimit, takeLimit } from "./limits.ts";
import { createLog } from "./log.ts";
import { systemRandom } from "./random.ts";

const NOW = new Date("2031-03-01T10:00:00.000Z");

async function withTenant() {
  const server = await startTestServer({ now: NOW.toISOString() });
  await server.deps.db.execute(sql`insert into tenants (id, slug, name) values ('tnt_1', 'one', 'One')`);
  return server;
}

test("commands with one key run once, also when they arrive together, and give everybody the first result", async () => {
  await using server = await withTenant();
  let runs = 0;
  const call = () =>
    once(
      server.deps,
      { tenantId: "tnt_1", scope: "s", key: "k", fingerprint: [1], ttlSeconds: 60 },
      async () => {
        runs += 1;
        await sleep(60);
        return { run: runs };
      },
    );
  const results = await Promise.all(Array.from({ length: 20 }, call));
  expect(results).toEqual(Array.from({ length: 20 }, () => ({ run: 1 })));
  // Control: it was the key that stopped the repeats.
  server.clock.advance({ seconds: 61 });
  expect(await call()).toEqual({ run: 2 });
});

test("a key that comes with another request is refused", async () => {
  await using server = await withTenant();
  const request = { tenantId: "tnt_1", scope: "s", key: "k", ttlSeconds: 60 };
  await once(server.deps, { ...request, fingerprint: { price: 1 } }, async () => 1);
  await expect(
    once(server.deps, { ...request, fingerprint: { price: 2 } }, async () => 2),
  ).rejects.toMatchObject({
    code: "idempotency_key_reused",
    status: 422,
  });
});

test("a failed command frees its key", async () => {
  await using server = await withTenant();
  const request = { tenantId: "tnt_1", scope: "s", key: "k", fingerprint: 1, ttlSeconds: 60 };
  await expect(
    once(server.deps, request, () => Promise.reject(new Error("processor is down"))),
  ).rejects.toThrow();
  expect(await once(server.deps, request, async () => "second")).toBe("second");
});

test("what is remembered under a key is not readable in the database", async () => {
  await using server = await withTenant();
  const request = { tenantId: "tnt_1", scope: "s", key: "k", fingerprint: 1, ttlSeconds: 60 };
  await once(server.deps, request, async () => ({ token: "very-secret" }));
  const [row] = await server.deps.db.query<{ response: string }>(
    sql`select response_sealed response from idempotency_keys`,
  );
  expect(row?.response).toBeTruthy();
  expect(row?.response).not.toContain("very-secret");
});

test("an event is shown to its followers only after its transaction committed, and in order", async () => {
  await using server = await withTenant();
  const { db, clock, log } = server.deps;
  const seen: string[] = [];
  const job = outboxJob(db, clock, log, [async (_tx, event: StoredEvent) => void seen.push(event.type)]);
  const event = (type: string) => ({ type, tenantId: "tnt_1", occurredAt: NOW, data: {} });
  await db.transaction(async (tx) => {
    await recordEvent(tx, server.deps, event("a.first"));
    await recordEvent(tx, server.deps, event("b.second"));
  });
  await expect(
    db.transaction(async (tx) => {
      await recordEvent(tx, server.deps, event("c.never"));
      throw new Error("rolled back");
    }),
  ).rejects.toThrow();
  await job.run();
  await job.run();
  expect(seen).toEqual(["a.first", "b.second"]);
});

test("a follower that fails leaves nothing behind, holds up nobody and is tried again", async () => {
  await using server = await withTenant();
  const { db, clock, log } = server.deps;
  let failures = 1;
  const seen: string[] = [];
  const job = outboxJob(db, clock, log, [
    async (tx, event: StoredEvent) => {
      await tx.execute(sql`insert into mails (id, recipient, template, subject, text, html, created_at)
        values (${event.id}, 'x', ${event.type}, '', '', '', ${NOW})`);
      if (event.type === "bad" && failures-- > 0) throw new Error("not now");
      seen.push(event.type);
    },
  ]);
  await db.transaction(async (tx) => {
    for (const type of ["bad", "good"])
      await recordEvent(tx, server.deps, { type, tenantId: "tnt_1", occurredAt: NOW, data: {} });
  });
  await job.run();
  expect(seen).toEqual(["good"]);
  expect(await db.query(sql`select template from mails`)).toEqual([{ template: "good" }]);
  server.clock.advance({ minutes: 1 });
  await job.run();
  expect(seen).toEqual(["good", "bad"]);
});

test("stopping waits for the job in flight and starts no other", async () => {
  let finished = 0;
  const jobs = createJobs(
    [
      {
        name: "slow",
        everyMs: 5,
        run: async () => {
          await sleep(50);
          finished += 1;
          return 1;
        },
      },
    ],
    createLog("silent"),
  );
  jobs.start();
  await sleep(30);
  await jobs.stop();
  const after = finished;
  expect(after).toBe(1);
  await sleep(80);
  expect(finished).toBe(after);
});

test("a limit opens again when its window is over, and a refused call does not prolong it", async () => {
  await using server = await withTenant();
  const { db } = server.deps;
  const limit = { key: "otp:a@b.c", max: 2, windowSeconds: 60 };
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
  expect((await takeLimit(db, limit, at(0))).allowed).toBe(true);
  expect((await peekLimit(db, limit, at(1))).allowed).toBe(true);
  expect((await takeLimit(db, limit, at(1))).allowed).toBe(true);
  expect(await takeLimit(db, limit, at(30))).toEqual({ allowed: false, remaining: 0, retryAfterSeconds: 30 });
  expect((await takeLimit(db, limit, at(59))).allowed).toBe(false);
  expect((await takeLimit(db, limit, at(60))).allowed).toBe(true);
});

test("parallel calls never pass a limit together", async () => {
  await using server = await withTenant();
  const limit = { key: "anonymous:203.0.113.7", max: 5, windowSeconds: 60 };
  const verdicts = await Promise.all(Array.from({ length: 30 }, () => takeLimit(server.deps.db, limit, NOW)));
  expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(5);
});

test("a sealed text opens only under the context it was sealed for, and not after a byte changed", async () => {
  await using server = await withTenant();
  const { keys } = server.deps;
  const sealed = keys.seal("whsec_abc", "webhook:1");
  expect(keys.open(sealed, "webhook:1")).toBe("whsec_abc");
  expect(() => keys.open(sealed, "webhook:2")).toThrow();
  expect(() => keys.open(`${sealed.slice(0, -2)}AA`, "webhook:1")).toThrow();
});

test("another secret than the installation's is refused in words", async () => {
  await using server = await withTenant();
  const { db, ids } = server.deps;
  await expect(openKeys(db, ids, systemRandom, "another-secret-another-secret-another")).rejects.toThrow(
    /TOLLGATE_SECRET/,
  );
});

test("ids are read as num or prefixed ULID, and nothing else", () => {
  expect(parseRef("paywall", "3")).toEqual({ num: 3 });
  expect(parseRef("paywall", 3)).toEqual({ num: 3 });
  expect(parseRef("paywall", "pw_01ARZ3NDEKTSV4RRFFQ69G5FAV")).toEqual({
    id: "pw_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  });
  for (const bad of [
    "0",
    "-1",
    "1.5",
    "1e3",
    " 3",
    "po_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "pw_",
    "9".repeat(17),
    "3; drop table",
  ]) {
    expect(parseRef("paywall", bad)).toBeNull();
  }
});
