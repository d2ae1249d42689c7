import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  type Amendment,
  confirmAmendment,
  proposeDiscount,
  runIntentNow,
  takeAmendmentLimit,
} from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { toMajor } from "../../platform/money.ts";
import { check, param, readJson } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { answerOnce } from "./idempotency.ts";
import { ownStatements } from "./own-statements.ts";

const proposal = z.object({
  amendmentType: z.literal("DISCOUNT", { error: "must be DISCOUNT" }),
  discountCode: z.string().trim().min(1).max(100),
});

/** Publisher API §4.2: changes of a running contract, shown first and made when they are confirmed. */
export function amendmentRoutes(deps: Deps): Hono<PublisherEnv> {
  const confirm = async (c: Context<PublisherEnv>, contractId?: string): Promise<Response> => {
    const { scope: owner, now } = await ownStatements(deps, c);
    const amendmentId = param(c, "amendmentId");
    return answerOnce(deps, c, { body: amendmentId, creates: false }, async () => {
      const confirmed = await deps.db.transaction((tx) =>
        confirmAmendment(tx, deps, { owner, amendmentId, contractId, now }),
      );
      if (!confirmed) throw noSuchResource();
      // A processor that does not answer now is asked again; the change is agreed from here on.
      if (confirmed.intentId) await runIntentNow(deps, confirmed.intentId);
      return { status: 200, body: { success: true } };
    });
  };

  return new Hono<PublisherEnv>()
    .post("/contracts/:id/amendments", async (c) => {
      const { scope: owner, now } = await ownStatements(deps, c);
      const asked = check(proposal, await readJson(c));
      return answerOnce(deps, c, { body: asked, creates: true }, async () => {
        await takeAmendmentLimit(deps.db, owner.customerId, now);
        const input = { owner, contractId: param(c, "id"), code: asked.discountCode, now };
        const amendment = await deps.db.transaction((tx) => proposeDiscount(tx, deps, input));
        if (!amendment) throw noSuchResource();
        return { status: 201, body: amendmentToWire(amendment) };
      });
    })
    .post("/contracts/:id/amendments/:amendmentId/confirm", (c) => confirm(c, param(c, "id")))
    .post("/amendments/:amendmentId/confirm", (c) => confirm(c));
}

const STATUS: Record<Amendment["state"], string> = {
  pending: "PENDING",
  applied: "CONFIRMED",
  rejected: "REJECTED",
  expired: "REJECTED",
};

function amendmentToWire(it: Amendment) {
  const { nextBill } = it;
  const applies = it.discountCodeId !== null;
  return {
    id: it.id,
    contractId: it.contractId,
    status: STATUS[it.state],
    amendmentType: it.type,
    appliedDiscounts: [
      {
        code: it.code,
        status: applies ? "APPLIED" : "UNAPPLICABLE",
        ...(applies && { id: it.discountCodeId, name: it.codeName }),
      },
    ],
    ...(nextBill && {
      nextBill: {
        total: toMajor(nextBill.totalMinor, nextBill.currency),
        currency: nextBill.currency,
        ...(nextBill.date && { date: nextBill.date }),
      },
    }),
  };
}
