import { Hono } from "hono";
import { type BillStatement, readBills } from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { toMajor } from "../../platform/money.ts";
import { receiptUrlOf } from "../hosted/account-links.ts";
import { param, slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { methodName } from "./contracts.ts";
import { noSuchResource } from "./errors.ts";
import { ownStatements } from "./own-statements.ts";

const HIDDEN = new Set(["DRAFT", "EXPIRED"]);

/** Publisher API §4.4: what a reader was billed. */
export function billRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/bills", async (c) => {
      const { scope } = await ownStatements(deps, c);
      const bills = (await readBills(deps.db, scope)).map((it) => billToWire(deps, it));
      return slice(
        c,
        bills.filter(({ status }) => !HIDDEN.has(status)),
      );
    })
    .get("/bills/:id", async (c) => {
      const { scope } = await ownStatements(deps, c);
      const [bill] = await readBills(deps.db, { ...scope, billId: param(c, "id") });
      if (!bill) throw noSuchResource();
      return c.json(billToWire(deps, bill));
    });
}

/** Money that came and went back is told by transactions; a bill that was paid stays a paid bill. */
export function billStatus({ state, contractState, contractEndReason }: BillStatement): string {
  switch (state) {
    case "draft":
      return "DRAFT";
    case "open":
      return "PENDING";
    case "past_due":
      return contractState === "unpaid" ? "OVERDUE" : "RETRYING";
    case "paid":
    case "partially_refunded":
    case "refunded":
    case "disputed":
      return "PAID";
    case "charged_back":
    case "void":
      return "VOIDED";
    case "uncollectible":
      // Given up after every try, or dropped because the contract ended first.
      return contractEndReason === "dunning" ? "EXPIRED" : "CANCELED";
  }
}

/** A bill as the publisher wire has it. */
export const billToWire = (
  deps: Parameters<typeof receiptUrlOf>[0],
  bill: BillStatement,
): Record<string, unknown> & { status: string } => ({
  id: bill.id,
  items: bill.lines.map(({ sku, title }) => ({ sku, title, purchaseOptionId: bill.optionId })),
  price: toMajor(bill.grossMinor, bill.currency),
  currency: bill.currency,
  receiptUrl: receiptUrlOf(deps, bill.id),
  paymentProvider: bill.provider.toUpperCase(),
  paymentMethod: methodName(bill.methodType),
  status: billStatus(bill),
  createdAt: bill.issuedAt.toISOString(),
  updatedAt: bill.changedAt.toISOString(),
});
