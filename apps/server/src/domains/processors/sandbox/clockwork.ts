import { addDays } from "../../../platform/clock.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { Job } from "../../../platform/jobs.ts";
import { advanceAgreement } from "./agreement.ts";
import {
  DISPUTE_CLOSES_DAYS,
  lockDueAgreements,
  lockDuePayments,
  lockDueSessions,
  type PaymentRow,
  recordStep,
  savePayment,
  tell,
} from "./books.ts";
import { expireSession, settlePending } from "./pay-session.ts";

type ClockworkDeps = Pick<Deps, "clock" | "db" | "ids" | "jobs" | "keys">;

/**
 * The company's own time: renewals, retries, scheduled ends, late payments, disputes. Each step happens at
 * the instant at which it was due, so a clock that jumps by months makes every renewal in order; one run
 * goes on until this company has nothing left to do.
 */
export function sandboxClockwork(deps: ClockworkDeps): Job {
  return {
    name: "sandbox-clockwork",
    everyMs: 1000,
    async run() {
      let total = 0;
      for (;;) {
        const settled = await deps.db.transaction((tx) => runDueSteps(tx, deps));
        if (settled === 0) return total;
        total += settled;
      }
    },
  };
}

async function runDueSteps(tx: Tx, deps: ClockworkDeps): Promise<number> {
  const now = deps.clock.now();
  const sessions = await lockDueSessions(tx, now);
  for (const session of sessions) {
    if (session.state === "pending" && session.settlesAt) {
      await settlePending(tx, deps, { sessionId: session.id, now: session.settlesAt });
    } else {
      await expireSession(tx, deps, session);
    }
  }
  const agreements = await lockDueAgreements(tx, now);
  for (const row of agreements) {
    const at = row.dueAt as Date;
    const step = advanceAgreement(row.agreement, row.card, at, deps.ids.next("sandboxPayment"));
    const type =
      step.agreement.status === "canceled"
        ? "subscription.ended"
        : step.charge?.state === "succeeded"
          ? "subscription.renewed"
          : "subscription.payment_failed";
    await recordStep(tx, deps, row, step, type, at);
  }
  const payments = await lockDuePayments(tx, now);
  for (const row of payments) await moveDispute(tx, deps, row);
  return sessions.length + agreements.length + payments.length;
}

async function moveDispute(tx: Tx, deps: ClockworkDeps, row: PaymentRow): Promise<void> {
  const { payment } = row;
  const at = row.dueAt as Date;
  const dispute = payment.dispute
    ? { ...payment.dispute, state: "lost" as const }
    : { id: deps.ids.next("dispute"), state: "open" as const };
  await savePayment(
    tx,
    { ...payment, dispute },
    dispute.state === "open" ? addDays(at, DISPUTE_CLOSES_DAYS) : null,
  );
  await tell(tx, deps, row, `dispute.${dispute.state}`, at, {
    dispute: {
      externalId: dispute.id,
      paymentRef: payment.id,
      subscriptionRef: payment.agreement_id,
      amountMinor: payment.amount,
      state: dispute.state,
      occurredAt: at.toISOString(),
    },
  });
}
