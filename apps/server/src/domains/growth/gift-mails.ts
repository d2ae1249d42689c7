import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Follower, StoredEvent } from "../../platform/events.ts";
import { mailContent, queueMail } from "../../platform/mail/index.ts";
import { findGiftById, giftLink } from "./gifts.ts";

type MailDeps = Pick<Deps, "clock" | "config" | "ids" | "jobs" | "keys">;

/** Tells the payer where their gift is claimed, and the recipient, once there is one, that they have it. */
export function giftMails(deps: MailDeps): Follower {
  return async (tx: Tx, event: StoredEvent) => {
    if (event.type !== "gift.purchased" && event.type !== "gift.redeemed") return;
    const gift = await findGiftById(tx, String(event.data.giftId));
    if (!gift) return;
    const facts = await tx.one<{
      payer: string | null;
      product: string;
      name: string;
      color: string | null;
    }>(sql`
      select c.email payer, p.title product, t.name, t.brand_color color
      from customers c join products p on p.id = ${gift.productId} join tenants t on t.id = c.tenant_id
      where c.id = ${gift.payerId}`);
    const isForPayer = event.type === "gift.purchased";
    const recipient = isForPayer ? facts.payer : gift.recipientEmail;
    if (!recipient) return;
    const wording = isForPayer
      ? {
          subject: `Your gift: ${facts.product}`,
          heading: "Your gift is ready",
          paragraphs: [
            gift.recipientEmail
              ? `${facts.product} is now ${gift.recipientEmail}'s. We have written to them.`
              : `Send the link below to whoever shall have ${facts.product}. It is good for one person.`,
          ],
          ...(gift.recipientEmail ? {} : { action: { label: "The gift", url: giftLink(deps, gift) } }),
        }
      : {
          subject: `A gift for you: ${facts.product}`,
          heading: "Somebody gave you something",
          paragraphs: [
            `You have ${facts.product} from ${facts.name}. Sign in there with this e-mail address, and it is yours.`,
            "There is nothing to pay, and it does not renew.",
          ],
        };
    const { subject, ...content } = wording;
    await queueMail(tx, deps, {
      tenantId: event.tenantId,
      recipient,
      template: event.type,
      subject: subject.replaceAll(/\s+/g, " "),
      ...mailContent({
        brand: { name: facts.name, color: facts.color },
        ...content,
        footer: `${event.mode === "test" ? "This was a test: no real money moved. " : ""}Sent by ${facts.name}.`,
      }),
    });
  };
}
