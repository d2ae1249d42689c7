import { type Queryable, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower, StoredEvent } from "../../platform/events.ts";
import { type MailContent, mailContent, queueMail } from "../../platform/mail/index.ts";
import { discountMinor, formatMoney } from "../../platform/money.ts";
import type { ContractSnapshot } from "./events.ts";
import { nextBillOf, readContracts } from "./statement.ts";

type Facts = {
  snapshot: ContractSnapshot;
  tenant: {
    name: string;
    brandColor: string | null;
    timeZone: string;
    supportEmail: string | null;
    graceDays: number;
  };
  product: string;
  bill: { number: number; paidUntil: string | null } | null;
  percentBp: number | null;
  /** Of whoever pays, when it is not the customer. */
  payer: string | null;
  isGift: boolean;
  /** Null when there will be no next bill. */
  nextMinor: number | null;
};
type Wording = Pick<MailContent, "heading" | "paragraphs"> & { subject: string };

const day = (iso: string | null, { tenant }: Facts): string =>
  iso
    ? new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: tenant.timeZone }).format(new Date(iso))
    : "";

const amount = (money: { amountMinor: number; currency: string } | undefined): string =>
  money ? formatMoney(money) : "";

/** What the next period will be charged, offers and codes taken off. */
const periodPrice = ({ snapshot: { price }, percentBp, nextMinor }: Facts) => ({
  currency: price.currency,
  amountMinor: nextMinor ?? price.amountMinor - discountMinor(price.amountMinor, percentBp),
});

/** The mails of product spec §6 that billing sends to the person who pays, by the event that causes each. */
const WORDINGS: Record<string, (facts: Facts) => Wording | null> = {
  "bill.paid": (facts) => {
    const { payment, contract } = facts.snapshot;
    // A free trial's bill is a record, not a payment.
    if (!payment || payment.amountMinor === 0) return null;
    return {
      subject: `Receipt ${facts.bill?.number ?? ""} from ${facts.tenant.name}`.replace("  ", " "),
      heading: `You paid ${amount(payment)}`,
      paragraphs: [
        `For ${facts.product}. Bill number ${facts.bill?.number}.`,
        facts.isGift
          ? "It is a gift for somebody else: there is nothing to renew."
          : contract.duration === "PERPETUAL"
            ? "It is yours for good: there is nothing to renew."
            : `It covers the time until ${day(facts.bill?.paidUntil ?? null, facts)} and renews then, until you cancel.`,
      ],
    };
  },
  "trial.started": (facts) => ({
    subject: `Your trial of ${facts.product} has started`,
    heading: "Your free trial has started",
    paragraphs: [
      `You have ${facts.product} until ${day(facts.snapshot.contract.trialEndAt, facts)} without paying anything.`,
      `After that it costs ${amount(periodPrice(facts))} for each period. Cancel before then and nothing is charged.`,
    ],
  }),
  "payment.failed": (facts) => ({
    subject: `Your payment for ${facts.product} did not go through`,
    heading: "A payment did not go through",
    paragraphs: [
      `${amount(facts.snapshot.payment)} for ${facts.product} could not be charged. We will try again in the next days.`,
      "Please check that the card is still valid and has enough funds.",
    ],
  }),
  "subscription.cancel_scheduled": (facts) => ({
    subject: `${facts.product} is cancelled and ends on ${day(facts.snapshot.contract.cancelAt, facts)}`,
    heading: "Your cancellation is confirmed",
    paragraphs: [
      `You keep ${facts.product} until ${day(facts.snapshot.contract.cancelAt, facts)}. Nothing more will be charged.`,
      "Changed your mind? You can undo this in your account until then.",
    ],
  }),
  "refund.created": (facts) => ({
    subject: `Refund from ${facts.tenant.name}`,
    heading: `We refunded ${amount(facts.snapshot.refund)}`,
    paragraphs: [`For ${facts.product}. Depending on your bank it arrives within a few days.`],
  }),
};

const loadFacts = (
  q: Queryable,
  event: StoredEvent,
  snapshot: ContractSnapshot,
): Promise<Omit<Facts, "snapshot" | "nextMinor"> | null> =>
  q.maybeOne(sql`
    select json_build_object('name', t.name, 'brandColor', t.brand_color, 'timeZone', t.time_zone,
        'supportEmail', t.support_email, 'graceDays', t.grace_days) tenant, p.title product, k.percent_bp "percentBp",
      payer.email payer, k.is_gift "isGift",
      case when b.id is not null then json_build_object('number', b.number, 'paidUntil', b.period_end_at) end bill
    from tenants t join contracts k on k.id = ${snapshot.contract.id} and k.tenant_id = t.id
    join products p on p.id = k.product_id left join customers payer on payer.id = k.payer_id
    left join bills b on b.id = ${snapshot.billId ?? null} and b.tenant_id = t.id
    where t.id = ${event.tenantId}`);

/** Only the mail about a trial names a price that is still to come. */
async function nextOf(
  q: Queryable,
  deps: Pick<Deps, "clock">,
  event: StoredEvent,
  { contract: { id } }: ContractSnapshot,
): Promise<number | null> {
  if (event.type !== "trial.started" || !event.mode) return null;
  const scope = { tenantId: event.tenantId, mode: event.mode, contractId: id };
  const [contract] = await readContracts(q, scope, deps.clock.now());
  return (contract && nextBillOf(contract)?.totalMinor) ?? null;
}

/** Tells the payer what happened to their money: receipts, trials, failed payments, cancellations, refunds. */
export function billingMails(deps: Pick<Deps, "clock" | "ids" | "jobs">): Follower {
  return async (tx: Tx, event: StoredEvent) => {
    const wordingOf = WORDINGS[event.type];
    if (!wordingOf) return;
    const snapshot = event.data as unknown as ContractSnapshot;
    const facts = await loadFacts(tx, event, snapshot);
    const recipient = facts?.payer ?? snapshot.customer.email;
    const wording =
      facts && wordingOf({ ...facts, snapshot, nextMinor: await nextOf(tx, deps, event, snapshot) });
    if (!recipient || !facts || !wording) return;
    const { supportEmail, name, brandColor } = facts.tenant;
    const test = event.mode === "test" ? "This was a test: no real money moved. " : "";
    const footer = `${test}${supportEmail ? `Questions? Write to ${supportEmail}.` : `You get this because you bought from ${name}.`}`;
    await queueMail(tx, deps, {
      tenantId: event.tenantId,
      recipient,
      template: event.type,
      subject: wording.subject.replaceAll(/\s+/g, " "),
      ...mailContent({ brand: { name, color: brandColor }, ...wording, footer }),
    });
  };
}
