import { type Context, Hono } from "hono";
import {
  type ContractStatement,
  cancelContract,
  isGranting,
  type Method,
  nextBillOf,
  readContracts,
  runIntentNow,
  willCancelAt,
} from "../../domains/billing/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { toMajor } from "../../platform/money.ts";
import { accountUrlOf } from "../hosted/account-links.ts";
import { param, slice } from "./body.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { answerOnce } from "./idempotency.ts";
import { ownStatements } from "./own-statements.ts";

/** Publisher API §4.2: what a reader has bought, and its end. */
export function contractRoutes(deps: Deps): Hono<PublisherEnv> {
  const named = async (c: Context<PublisherEnv>): Promise<ContractStatement> => {
    const { scope, realNow } = await ownStatements(deps, c);
    const [contract] = await readContracts(deps.db, { ...scope, contractId: param(c, "id") }, realNow);
    if (!contract) throw noSuchResource();
    return contract;
  };

  return new Hono<PublisherEnv>()
    .get("/contracts", async (c) => {
      const { tenant, scope, now, realNow } = await ownStatements(deps, c);
      const contracts = await readContracts(deps.db, scope, realNow);
      const accountUrl = await accountUrlOf(deps, tenant);
      // A purchase that opens nothing any more is history; a subscription is its reader's for good.
      const shown = contracts.filter((it) => it.duration === "RECURRING" || isGranting(it, now));
      return slice(
        c,
        shown.map((it) => contractToWire(it, { now, accountUrl })),
      );
    })
    .get("/contracts/:id", async (c) => {
      const { tenant, now } = await ownStatements(deps, c);
      return c.json(contractToWire(await named(c), { now, accountUrl: await accountUrlOf(deps, tenant) }));
    })
    .post("/contracts/:id/cancel", async (c) => {
      const contract = await named(c);
      if (contract.duration !== "RECURRING") {
        throw new AppError("not_cancellable", 409, "This was paid once and does not renew.");
      }
      const { tenant, customer } = signedIn(c);
      return answerOnce(deps, c, { body: null, creates: false }, async () => {
        const asked = await deps.db.transaction((tx) =>
          cancelContract(tx, deps, {
            tenantId: tenant.id,
            contractId: contract.id,
            customerId: customer.id,
            atPeriodEnd: true,
            reason: "requested",
          }),
        );
        if (asked.outcome === "not_found") throw noSuchResource();
        // A processor that does not answer now is asked again; the wish stands from here on.
        if (asked.outcome === "requested") await runIntentNow(deps, asked.intentId);
        return { status: 200, body: { success: true } };
      });
    });
}

/** What the wire calls a contract's states. */
export const CONTRACT_STATUS: Record<ContractStatement["state"], string> = {
  incomplete: "PENDING",
  incomplete_expired: "EXPIRED",
  trialing: "ACTIVE",
  active: "ACTIVE",
  past_due: "ACTIVE",
  unpaid: "PAUSED",
  paused: "PAUSED",
  canceled: "CANCELED",
  expired: "EXPIRED",
};

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A contract as the publisher wire has it. `accountUrl` is of the vendor's account pages. */
export function contractToWire(contract: ContractStatement, view: { now: Date; accountUrl: string }) {
  const { currency, interval, intervalCount } = contract;
  const next = nextBillOf(contract);
  const nextBillAt = iso(next?.at ?? null);
  const endsAt = contract.endedAt ?? willCancelAt(contract) ?? contract.access?.validToAt ?? null;
  return {
    id: contract.id,
    name: contract.name,
    userId: contract.userId,
    createdAt: contract.createdAt.toISOString(),
    updatedAt: contract.changedAt.toISOString(),
    price: toMajor(contract.priceMinor, currency),
    currency,
    nextBillAt,
    nextBillingDate: nextBillAt,
    nextPrice: next && toMajor(next.totalMinor, currency),
    manageUrl: `${view.accountUrl}/${encodeURIComponent(contract.id)}`,
    contractDuration: contract.duration,
    items: contract.items.map((item) => ({
      sku: item.sku,
      name: item.title,
      purchaseOptionId: item.optionId,
      ...(item.optionName !== null && { purchaseOptionName: item.optionName }),
      ...(item.cover !== null && { cover: item.cover }),
      purchaseType: contract.duration === "RECURRING" ? "RECURRING" : "SINGLE",
    })),
    status: CONTRACT_STATUS[contract.state],
    isActive: isGranting(contract, view.now),
    ...(contract.duration === "RECURRING" &&
      interval && { recurringInterval: interval.toUpperCase(), recurringTime: intervalCount }),
    willCancelAt: iso(willCancelAt(contract)),
    ...(endsAt && { expiresAt: endsAt.toISOString() }),
    ...(contract.method && { paymentData: methodToWire(contract.method) }),
    appliedDiscounts: discountsToWire(contract),
  };
}

const BRANDS: Record<string, string> = { visa: "Visa", mastercard: "Mastercard" };

/** `CARD`, `PAY_LATER`: what the wire calls a way to pay. */
export const methodName = (type: string | null): string => (type ?? "unknown").toUpperCase();

function methodToWire({ type, brand, last4 }: Method) {
  const name = BRANDS[brand ?? ""] ?? "Card";
  return {
    method: methodName(type),
    description: last4 ? `${name} ending in ${last4}` : type.replaceAll("_", " "),
    ...(brand && { brand }),
  };
}

function discountsToWire({ offer, percentBp, discounts }: ContractStatement) {
  const offered =
    offer && percentBp
      ? [
          {
            id: offer.id,
            code: offer.key,
            name: offer.label ?? offer.key,
            description: `${percentBp / 100} % off every period`,
          },
        ]
      : [];
  const byCode = discounts
    .filter(({ periods, periodsUsed }) => periods === null || periodsUsed < periods)
    .map(({ id, code, name, description }) => ({ id, code, name, description: description ?? "" }));
  return [...offered, ...byCode];
}
