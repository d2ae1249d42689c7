import { Hono } from "hono";
import { readPaymentIssues } from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { accountUrlOf } from "../hosted/account-links.ts";
import { slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { ownStatements } from "./own-statements.ts";

/** Publisher API §4.4: what stands between a reader and their next payment. */
export function paymentIssueRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>().get("/payment-issues", async (c) => {
    const { tenant, scope, now, realNow } = await ownStatements(deps, c);
    const accountUrl = await accountUrlOf(deps, tenant);
    const issues = await readPaymentIssues(deps.db, scope, { now, realNow });
    return slice(
      c,
      issues.map(({ status, contractId, nextPaymentAt, createdAt, updatedAt }) => ({
        status,
        contractId,
        ...(nextPaymentAt && { nextPaymentAt: nextPaymentAt.toISOString() }),
        manageUrl: `${accountUrl}/${encodeURIComponent(contractId)}/change-payment-method`,
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      })),
    );
  });
}
