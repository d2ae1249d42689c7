/** Mail: queued as a row with the change that causes it, sent by a job, kept for the dev inbox. */
export { type MailContent, mailContent } from "./content.ts";
export { type InboxMail, listMails, type Mail, mailJob, queueMail } from "./queue.ts";
