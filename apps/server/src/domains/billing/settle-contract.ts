import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { recordEvent } from "../../platform/events.ts";
import { projectContractCredits } from "../credits/index.ts";
import { projectContract } from "../entitlements/index.ts";
import { revokeGift } from "../growth/index.ts";
import type { SubscriptionSnapshot } from "../processors/index.ts";
import { findTenant } from "../tenants/index.ts";
import { type Contract, type ContractStanding, differs, isEnded, passGrace, standingOf } from "./contract.ts";
import { type BillingEventType, type ContractSnapshot, describeContractForEvent } from "./events.ts";
import { queueIntent } from "./intents.ts";
import { listBillFacts, saveStanding } from "./queries.ts";

export type BillingDeps = Pick<Deps, "clock" | "ids" | "jobs">;

/** Records an event about a contract as it stands in this transaction. */
export async function recordContractEvent(
  tx: Tx,
  deps: BillingDeps,
  contract: Pick<Contract, "id" | "tenantId" | "mode" | "paywallId" | "customerId">,
  type: BillingEventType,
  occurredAt: Date,
  extra: Pick<ContractSnapshot, "payment" | "refund" | "billId" | "reason"> = {},
): Promise<void> {
  const data: ContractSnapshot = { ...(await describeContractForEvent(tx, contract.id)), ...extra };
  await recordEvent(tx, deps, {
    type,
    tenantId: contract.tenantId,
    mode: contract.mode,
    objectId: contract.id,
    paywallId: contract.paywallId,
    customerId: contract.customerId,
    occurredAt,
    data,
  });
}

/**
 * Brings a locked contract, its payment issue, its unpaid bills and its entitlement in line with the
 * processor's word and our bills, and tells what changed. `snapshot` older than what we have changes
 * nothing; without one, only the bills are looked at again. `at` is when the news happened.
 */
export async function settleContract(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  input: { snapshot?: SubscriptionSnapshot | undefined; at: Date },
): Promise<void> {
  const { at } = input;
  const tenant = await findTenant(tx, contract.tenantId);
  if (!tenant) throw new Error("a contract without a tenant");

  // Grace that ended before this news did so first, even when a test clock jumped over both.
  const lapsed = passGrace(contract, at);
  if (lapsed?.graceUntilAt) await move(tx, deps, contract, lapsed, lapsed.graceUntilAt);

  const isNewer = input.snapshot !== undefined && input.snapshot.version > contract.externalVersion;
  if (isNewer && input.snapshot) {
    contract.snapshot = input.snapshot;
    contract.externalVersion = input.snapshot.version;
  }
  const bills = await listBillFacts(tx, contract.id);
  const next = standingOf(contract.snapshot, bills, tenant, contract);
  const mustTellProcessor = isEnded(next) && contract.snapshot.status !== "canceled" && !isEnded(contract);
  if (differs(contract, next)) {
    await move(tx, deps, contract, next, at);
  } else if (isNewer) {
    await saveStanding(tx, contract.id, contract, {
      version: contract.externalVersion,
      snapshot: contract.snapshot,
    });
  }
  // A bill that comes late to a contract that is over will not be collected either.
  if (isEnded(contract)) {
    await tx.execute(sql`
      update bills set state = 'uncollectible' where contract_id = ${contract.id} and state in ('open', 'past_due')`);
  }
  if (mustTellProcessor && contract.duration === "RECURRING") {
    await queueIntent(tx, deps, { contract, kind: "cancel_now" });
  }
  await projectContract(tx, deps, { contractId: contract.id, at });
  await projectContractCredits(tx, deps, { contractId: contract.id, at });
  if (contract.isGift && (contract.endReason === "refund" || contract.endReason === "dispute")) {
    await revokeGift(tx, deps, { contractId: contract.id, at });
  }
}

/** Ends the grace of one contract, if it is over at `now`. */
export async function settleGrace(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  now: Date,
): Promise<boolean> {
  const lapsed = passGrace(contract, now);
  if (!lapsed?.graceUntilAt) return false;
  await move(tx, deps, contract, lapsed, lapsed.graceUntilAt);
  await projectContract(tx, deps, { contractId: contract.id, at: lapsed.graceUntilAt });
  return true;
}

async function move(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  next: ContractStanding,
  at: Date,
): Promise<void> {
  const before: ContractStanding = { ...contract };
  Object.assign(contract, next);
  await saveStanding(tx, contract.id, next, {
    version: contract.externalVersion,
    snapshot: contract.snapshot,
  });
  const issue = await movePaymentIssue(tx, deps, contract, at);
  if (before.state === "trialing" && next.state !== "trialing") {
    await closeTrial(tx, contract, next);
  }
  if (contract.duration !== "RECURRING") return;
  for (const { type, reason } of changesBetween(before, next)) {
    await recordContractEvent(tx, deps, contract, type, at, reason ? { reason } : {});
  }
  if (issue) await recordContractEvent(tx, deps, contract, issue, at);
}

type Change = { type: BillingEventType; reason?: string };

/** What happened between two standings, most important first. */
export function changesBetween(before: ContractStanding, after: ContractStanding): Change[] {
  const wasTrial = before.state === "trialing";
  if (isEnded(after) && !isEnded(before)) {
    const ended: Change =
      after.state === "expired"
        ? { type: "subscription.expired", reason: "dunning" }
        : { type: "subscription.cancelled", reason: after.endReason ?? "requested" };
    return wasTrial ? [ended, { type: "trial.expired" }] : [ended];
  }
  if (isEnded(before)) return [{ type: "subscription.updated" }];

  const changes: Change[] = [];
  const wasOwing = before.state === "past_due" || before.state === "unpaid";
  const owes = after.state === "past_due" || after.state === "unpaid";
  if (owes && !wasOwing) changes.push({ type: "subscription.past_due" });
  else if (wasOwing && !owes) changes.push({ type: "subscription.recovered" });
  else if (after.state === "unpaid" && before.state !== "unpaid") {
    changes.push({ type: "subscription.updated", reason: "unpaid" });
  } else if (wasTrial && after.state === "active") {
    changes.push({ type: "subscription.updated", reason: "trial_converted" }, { type: "trial.converted" });
  } else if (before.periodEndAt?.getTime() !== after.periodEndAt?.getTime()) {
    changes.push({ type: "subscription.renewed" });
  }
  if (after.cancelAtPeriodEnd && !before.cancelAtPeriodEnd) {
    changes.push({ type: "subscription.cancel_scheduled", reason: "requested" });
  } else if (!after.cancelAtPeriodEnd && before.cancelAtPeriodEnd) {
    changes.push({ type: "subscription.uncanceled" });
  }
  return changes.length > 0 ? changes : [{ type: "subscription.updated" }];
}

async function closeTrial(tx: Tx, contract: Contract, next: ContractStanding): Promise<void> {
  const outcome = next.state === "active" ? "converted" : isEnded(next) ? "cancelled" : "expired";
  await tx.execute(sql`
    update card_trials set outcome = ${outcome}, expires_at = least(expires_at, ${next.trialEndAt ?? next.endedAt})
    where contract_id = ${contract.id}`);
}

/** One open OVERDUE issue while the contract owes, none otherwise. */
async function movePaymentIssue(
  tx: Tx,
  deps: BillingDeps,
  contract: Contract,
  at: Date,
): Promise<"payment_issue.opened" | "payment_issue.resolved" | null> {
  if (contract.state === "past_due" || contract.state === "unpaid") {
    const opened = await tx.execute(sql`
      insert into payment_issues (id, tenant_id, contract_id, status, due_minor, opened_at)
      values (${deps.ids.next("paymentIssue")}, ${contract.tenantId}, ${contract.id}, 'OVERDUE',
              (select sum(gross_minor - paid_minor)::bigint from bills
               where contract_id = ${contract.id} and state in ('open', 'past_due')),
              ${contract.pastDueSinceAt ?? at})
      on conflict (contract_id, status) where resolved_at is null do nothing`);
    return opened === 1 ? "payment_issue.opened" : null;
  }
  const resolution = isEnded(contract) ? "contract_ended" : "paid";
  const resolved = await tx.execute(sql`
    update payment_issues set resolved_at = ${at}, resolution = ${resolution}
    where contract_id = ${contract.id} and status = 'OVERDUE' and resolved_at is null`);
  return resolved === 1 ? "payment_issue.resolved" : null;
}
