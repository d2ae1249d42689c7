import { Hono } from "hono";
import { z } from "zod";
import { readTransactions, type TransactionStatement } from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { toMajor } from "../../platform/money.ts";
import { check, param, slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { ownStatements } from "./own-statements.ts";

const search = z.object({ q: z.string().max(200).default("") });

/** Publisher API §4.4: money that a reader paid, or got back. */
export function transactionRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/transactions", async (c) => {
      const { scope } = await ownStatements(deps, c);
      const q = check(search, { q: c.req.query("q") })
        .q.trim()
        .toLowerCase();
      const found = (await readTransactions(deps.db, scope)).filter(({ id, contractId, billId, currency }) =>
        [id, contractId, billId, currency].some((text) => text.toLowerCase().includes(q)),
      );
      return slice(c, found.map(transactionToWire));
    })
    .get("/transactions/:id", async (c) => {
      const { scope } = await ownStatements(deps, c);
      const [found] = await readTransactions(deps.db, { ...scope, transactionId: param(c, "id") });
      if (!found) throw noSuchResource();
      return c.json(transactionToWire(found));
    });
}

/** A transaction as the publisher wire has it: the amount is never negative. */
export const transactionToWire = (it: TransactionStatement) => ({
  id: it.id,
  amount: toMajor(it.amountMinor, it.currency),
  currency: it.currency,
  contractId: it.contractId,
  billId: it.billId,
  userId: it.userId,
  isRefund: it.kind === "refund" || it.kind === "chargeback",
  createdAt: it.occurredAt.toISOString(),
  // What has moved does not change any more.
  updatedAt: it.occurredAt.toISOString(),
});
