import { Hono } from "hono";
import {
  type ContractStatement,
  isGranting,
  nextBillOf,
  readContracts,
  willCancelAt,
} from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { toMajor } from "../../platform/money.ts";
import { accountUrlOf } from "../hosted/account-links.ts";
import { param, slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { contractToWire } from "./contracts.ts";
import { noSuchResource } from "./errors.ts";
import { ownStatements } from "./own-statements.ts";

/** Publisher API §4.3: recurring contracts as clients knew them before there were contracts. */
export function subscriptionRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/subscriptions", async (c) => {
      const { tenant, scope, now, realNow } = await ownStatements(deps, c);
      const all = await readContracts(deps.db, scope, realNow);
      const accountUrl = await accountUrlOf(deps, tenant);
      return slice(
        c,
        all.filter(({ duration }) => duration === "RECURRING").map((it) => toWire(it, { now, accountUrl })),
      );
    })
    .get("/subscriptions/:id", async (c) => {
      const { tenant, scope, now, realNow } = await ownStatements(deps, c);
      const [found] = await readContracts(deps.db, { ...scope, contractId: param(c, "id") }, realNow);
      if (found?.duration !== "RECURRING") throw noSuchResource();
      return c.json(toWire(found, { now, accountUrl: await accountUrlOf(deps, tenant) }));
    });
}

function toWire(contract: ContractStatement, view: { now: Date; accountUrl: string }) {
  const { id, userId, status, currency, createdAt, manageUrl, price } = contractToWire(contract, view);
  const [item] = contract.items;
  const next = nextBillOf(contract);
  return {
    id,
    userId,
    status,
    currency,
    createdAt,
    cancelAt: willCancelAt(contract)?.toISOString() ?? null,
    hasAccess: isGranting(contract, view.now),
    manageUrl,
    product: {
      name: contract.name,
      description: item?.optionName ?? "",
      image: item?.cover ?? "",
      optionId: item?.optionId ?? "",
      sku: item?.sku ?? "",
    },
    price,
    ...(next && {
      nextPrice: toMajor(next.totalMinor, currency),
      nextPaymentAt: next.at.toISOString(),
    }),
  };
}
