import { json, type Queryable, sql, type Tx } from "../../platform/database/index.ts";

const KEPT = 500;

export type ReceivedWebhook = { headers: Record<string, string>; body: string; at: string };

/** Keeps what arrived, and only the newest few hundred of it. */
export async function keepWebhook(
  tx: Tx,
  webhook: { headers: Record<string, string>; body: string; at: Date },
): Promise<void> {
  // PostgreSQL text holds no NUL.
  const body = webhook.body.replaceAll("\0", "\uFFFD");
  const { id } = await tx.one<{ id: number }>(sql`
    insert into dev_webhooks (headers, body, received_at) values (${json(webhook.headers)}, ${body}, ${webhook.at})
    returning id`);
  await tx.execute(sql`delete from dev_webhooks where id <= ${id - KEPT}`);
}

/** What the demonstration's own endpoint received, newest first. */
export async function listReceivedWebhooks(q: Queryable): Promise<ReceivedWebhook[]> {
  const rows = await q.query<Omit<ReceivedWebhook, "at"> & { at: Date }>(
    sql`select headers, body, received_at at from dev_webhooks order by id desc limit ${KEPT}`,
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
