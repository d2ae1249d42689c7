import type { Transporter } from "nodemailer";
import { json, type Queryable, sql, type Tx } from "../database/index.ts";
import type { Deps } from "../deps.ts";
import type { Job } from "../jobs.ts";

export type Mail = {
  tenantId: string;
  recipient: string;
  /** Name of the kind of mail, as in product spec §6, for example `otp_code`. */
  template: string;
  subject: string;
  text: string;
  html: string;
  /** What the dev inbox shows beside the mail. */
  code?: string;
  links?: string[];
};

const JOB = "mail";
const MAX_ATTEMPTS = 6;

/** Queues a mail in the transaction of the change that causes it, so that neither exists without the other. */
export async function queueMail(
  tx: Tx,
  deps: Pick<Deps, "ids" | "clock" | "jobs">,
  mail: Mail,
): Promise<void> {
  const now = deps.clock.now();
  const hints = { ...(mail.code ? { code: mail.code } : {}), links: mail.links ?? [] };
  await tx.execute(sql`
    insert into mails (id, tenant_id, recipient, template, subject, text, html, hints, next_at, created_at)
    values (${deps.ids.next("mail")}, ${mail.tenantId}, ${mail.recipient}, ${mail.template}, ${mail.subject},
            ${mail.text}, ${mail.html}, ${json(hints)}, ${now}, ${now})`);
  tx.afterCommit(() => deps.jobs.wake(JOB));
}

type DueMail = {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  attempts: number;
};

/**
 * Sends queued mail, one per run: each is claimed, sent and marked under its row lock, so two nodes never
 * send the same one. Without a mail server it is only kept.
 */
export function mailJob(deps: Deps): Job {
  const { config, db, clock, log } = deps;
  const { smtpUrl } = config;
  let transport: Transporter | undefined;
  return {
    name: JOB,
    everyMs: 5000,
    run: () =>
      db.transaction(async (tx) => {
        const now = clock.now();
        if (!smtpUrl) {
          return tx.execute(sql`update mails set state = 'kept', next_at = null where state = 'queued'`);
        }
        const mail = await tx.maybeOne<DueMail>(sql`
          select id, recipient, subject, text, html, attempts from mails
          where state = 'queued' and next_at <= ${now} order by next_at limit 1 for update skip locked`);
        if (!mail) return 0;
        try {
          // Loaded with the first mail: a demonstration sends none.
          transport ??= (await import("nodemailer")).default.createTransport(smtpUrl);
          await transport.sendMail({
            from: config.mailFrom,
            to: mail.recipient,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
          });
          await tx.execute(
            sql`update mails set state = 'sent', sent_at = ${now}, next_at = null where id = ${mail.id}`,
          );
        } catch (error) {
          log.warn({ err: error, mail: mail.id }, "mail was not accepted");
          const attempts = mail.attempts + 1;
          const nextAt = new Date(now.getTime() + 30_000 * 2 ** attempts);
          await tx.execute(sql`
            update mails set attempts = ${attempts}, error = ${String(error).slice(0, 500)}, next_at = ${nextAt},
              state = ${attempts >= MAX_ATTEMPTS ? "failed" : "queued"} where id = ${mail.id}`);
        }
        return 1;
      }),
  };
}

export type InboxMail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  code?: string;
  links: string[];
  at: string;
};

/** Mail as the dev inbox shows it, newest first; `to` narrows it to one address. */
export async function listMails(q: Queryable, filter: { to?: string; limit: number }): Promise<InboxMail[]> {
  const rows = await q.query<
    Omit<InboxMail, "at" | "code" | "links"> & { hints: Pick<InboxMail, "code" | "links">; at: Date }
  >(sql`
    select recipient "to", subject, text, html, hints, created_at at from mails
    where (${filter.to ?? null}::text is null or recipient = ${filter.to ?? null}) order by id desc limit ${filter.limit}`);
  return rows.map(({ hints, at, ...mail }) => ({ ...mail, ...hints, at: at.toISOString() }));
}
