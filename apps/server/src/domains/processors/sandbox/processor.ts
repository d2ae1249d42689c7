import type { Tx } from "../../../platform/database/index.ts";
import { sql } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import { type Connection, type Processor, ProcessorError } from "../port.ts";
import {
  advanceAgreement,
  cancelAgreement,
  discountAgreement,
  type Step,
  shortenTrial,
  uncancelAgreement,
} from "./agreement.ts";
import {
  type AgreementRow,
  lockAgreement,
  lockPayment,
  openSession,
  recordStep,
  savePayment,
  tell,
} from "./books.ts";
import { sealCardChange } from "./change-card.ts";
import { closeSession } from "./pay-session.ts";
import { readEvents, verifyBody } from "./wire.ts";

type SandboxDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys">;

/**
 * A payment company that lives in this process: the same port as the real ones, its own books, and news that
 * arrive as signed events. Test money only; the schema refuses it in live mode.
 */
export function createSandbox(deps: SandboxDeps): Processor {
  async function change(
    connection: Connection,
    externalId: string,
    type: string,
    decide: (row: AgreementRow, now: Date) => Step | null,
  ): Promise<void> {
    await deps.db.transaction(async (tx) => {
      const row = await lockAgreement(tx, ownerOf(connection), externalId);
      if (!row) throw new ProcessorError("The sandbox knows no such subscription.", { retryable: false });
      const now = await companyTime(tx, deps, connection);
      const step = decide(row, now);
      if (step) await recordStep(tx, deps, row, step, type, now);
    });
  }

  return {
    kind: "sandbox",
    capabilities: { portal: true, refunds: true, uncancel: true, methodPage: true },

    async createSession(connection, request) {
      const externalId = await deps.db.transaction(async (tx) =>
        openSession(tx, deps, ownerOf(connection), request, await companyTime(tx, deps, connection)),
      );
      return { externalId, url: `${deps.config.baseUrl}/sandbox/pay/${externalId}` };
    },

    closeSession: (connection, { externalId }) =>
      deps.db.transaction((tx) => closeSession(tx, ownerOf(connection), externalId)),

    cancel: (connection, { externalId }, { atPeriodEnd }) =>
      change(
        connection,
        externalId,
        atPeriodEnd ? "subscription.updated" : "subscription.ended",
        (row, now) => cancelAgreement(row.agreement, now, atPeriodEnd),
      ),

    uncancel: (connection, { externalId }) =>
      change(connection, externalId, "subscription.updated", (row) => uncancelAgreement(row.agreement)),

    async endTrial(connection, { externalId }) {
      await change(connection, externalId, "subscription.trial_ended", (row, now) => {
        const shortened = shortenTrial(row.agreement, now);
        return shortened && advanceAgreement(shortened, row.card, now, deps.ids.next("sandboxPayment"));
      });
    },

    async createMethodPage(connection, { externalId }, { merchant, returnUrl }) {
      const change = { ...ownerOf(connection), agreementId: externalId, merchant, returnUrl };
      const secret = sealCardChange(deps, change, deps.clock.now());
      return { url: `${deps.config.baseUrl}/sandbox/card/${secret}` };
    },

    applyDiscount: (connection, { externalId }, { discountMinor, periods, idempotencyKey }) =>
      change(connection, externalId, "subscription.updated", ({ agreement, dueAt }) => {
        const changed = discountAgreement(agreement, { discountMinor, periods, key: idempotencyKey });
        return changed && { agreement: changed, dueAt };
      }),

    async refund(connection, { externalId }, { amountMinor, reason, idempotencyKey }) {
      await deps.db.transaction(async (tx) => {
        const row = await lockPayment(tx, ownerOf(connection), externalId);
        if (!row) throw new ProcessorError("The sandbox knows no such payment.", { retryable: false });
        const { payment } = row;
        if (payment.refunds.some((it) => it.key === idempotencyKey)) return;
        const left = payment.amount - payment.refunds.reduce((sum, it) => sum + it.amount, 0);
        if (payment.state !== "succeeded" || amountMinor > left) {
          throw new ProcessorError("This payment has less than that left to refund.", { retryable: false });
        }
        const now = await companyTime(tx, deps, connection);
        const id = `${payment.id}_r${payment.refunds.length + 1}`;
        const refund = { id, key: idempotencyKey, amount: amountMinor, reason, at: now.toISOString() };
        await savePayment(tx, { ...payment, refunds: [...payment.refunds, refund] }, row.dueAt);
        await tell(tx, deps, row, "refund.created", now, {
          refund: {
            externalId: id,
            paymentRef: payment.id,
            subscriptionRef: payment.agreement_id,
            amountMinor,
            reason,
            occurredAt: refund.at,
          },
        });
      });
    },

    verifySignature: verifyBody,
    readEvents,
  };
}

const ownerOf = (connection: Connection) => ({ tenantId: connection.tenantId, connectionId: connection.id });

/** The company keeps the time of the tenant it plays for. */
async function companyTime(tx: Tx, deps: Pick<Deps, "clock">, connection: Connection): Promise<Date> {
  const { offsetMs } = await tx.one<{ offsetMs: number }>(
    sql`select clock_offset_ms "offsetMs" from tenants where id = ${connection.tenantId}`,
  );
  return new Date(deps.clock.now().getTime() + offsetMs);
}
