import { addSeconds } from "../../../platform/clock.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { FailureCode } from "../port.ts";
import { advanceAgreement } from "./agreement.ts";
import { type AgreementRow, lockAgreement, recordStep } from "./books.ts";
import { type CardFields, type CardProblems, readCard } from "./cards.ts";

const MINUTES = 30;

/** What a page for another card is about; its address carries this, sealed. */
type CardChange = {
  tenantId: string;
  connectionId: string;
  agreementId: string;
  merchant: { name: string; brandColor: string | null };
  returnUrl: string;
  expiresAtMs: number;
};

export type OpenCardChange = Omit<CardChange, "expiresAtMs">;

/** The secret of a page on which whoever has it may give an agreement another card, within half an hour. */
export const sealCardChange = (deps: Pick<Deps, "keys">, change: OpenCardChange, now: Date): string => {
  const until: CardChange = { ...change, expiresAtMs: addSeconds(now, MINUTES * 60).getTime() };
  return Buffer.from(deps.keys.seal(JSON.stringify(until), "sandbox-card-change")).toString("base64url");
};

/** Null when it was never made here, or its time is over. `now` is real time. */
export function openCardChange(deps: Pick<Deps, "keys">, secret: string, now: Date): OpenCardChange | null {
  try {
    const sealed = Buffer.from(secret, "base64url").toString("utf8");
    const change = JSON.parse(deps.keys.open(sealed, "sandbox-card-change")) as CardChange;
    return change.expiresAtMs > now.getTime() ? change : null;
  } catch {
    return null;
  }
}

export type CardChanged =
  | { outcome: "changed" }
  | { outcome: "declined"; code: FailureCode }
  | { outcome: "invalid"; problems: CardProblems }
  /** There is nothing left to pay. */
  | { outcome: "closed" };

/** Gives an agreement another card. A renewal that is owed is tried with it at once. */
export async function changeCard(
  tx: Tx,
  deps: Pick<Deps, "clock" | "ids" | "jobs" | "keys">,
  input: { change: OpenCardChange; fields: CardFields; now: Date },
): Promise<CardChanged> {
  const { change, fields, now } = input;
  const row = await lockAgreement(tx, change, change.agreementId);
  if (!row || row.agreement.status === "canceled" || row.agreement.kind === "one_time") {
    return { outcome: "closed" };
  }
  const read = readCard(fields, now, {
    vaultRef: () => deps.ids.next("paymentMethod"),
    fingerprint: (number) => deps.keys.pseudonym(`card:${change.tenantId}:${number}`).toString("hex"),
  });
  if ("problems" in read) return { outcome: "invalid", problems: read.problems };
  const { first } = read.card.behaviour;
  // A card that wants its holder's word for everything cannot be charged while they are away.
  if (first !== "ok") {
    return { outcome: "declined", code: first === "challenge" ? "authentication_required" : first };
  }
  const changed: AgreementRow = { ...row, card: read.card };
  const owes = row.agreement.status === "past_due";
  const step = owes
    ? advanceAgreement(row.agreement, read.card, now, deps.ids.next("sandboxPayment"))
    : { agreement: row.agreement, dueAt: row.dueAt };
  const type = !step.charge
    ? "subscription.card_changed"
    : step.charge.state === "succeeded"
      ? "subscription.renewed"
      : "subscription.payment_failed";
  await recordStep(tx, deps, changed, step, type, now, { card: read.card });
  return { outcome: "changed" };
}
