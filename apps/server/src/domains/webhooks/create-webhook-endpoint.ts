import { isUniqueViolation, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { checkSecret, checkTypes, checkUrl, secretContext, type WebhookEndpoint } from "./endpoint.ts";
import { MAX_ENDPOINTS, webhookErrors } from "./errors.ts";

export type NewWebhookEndpoint = {
  tenantId: string;
  key: string;
  url: string;
  types: readonly string[];
  mode: Mode;
  /** Default: messages of the 3.x wire. It is for good. */
  format?: WebhookEndpoint["format"];
  /** What the apply file made, it also takes away. Default true. */
  fromFile?: boolean;
  /** Absent: one is made. Null: messages go out unsigned. */
  secret?: string | null;
};

/**
 * Adds an endpoint and returns it with its secret, which is shown this once.
 *
 * @throws `webhook_url_refused`, `webhook_types_unknown`, `webhook_secret_refused`, `too_many_webhooks`,
 * `webhook_key_taken`; nothing is written then.
 */
export async function createWebhookEndpoint(
  tx: Tx,
  deps: Pick<Deps, "clock" | "config" | "ids" | "keys" | "random">,
  input: NewWebhookEndpoint,
): Promise<{ endpoint: WebhookEndpoint; secret: string | null }> {
  checkUrl(input.url, deps.config);
  const format = input.format ?? "paywall";
  const types = checkTypes(input.types, format);
  const secret =
    input.secret === undefined
      ? `whsec_${deps.random.bytes(24).toString("base64")}`
      : input.secret === null
        ? null
        : checkSecret(input.secret);

  // Two endpoints made at once must not both be the tenth.
  await tx.execute(sql`select 1 from tenants where id = ${input.tenantId} for no key update`);
  const { count } = await tx.one<{ count: number }>(sql`
    select count(*) from webhook_endpoints where tenant_id = ${input.tenantId} and state <> 'deleted'`);
  if (count >= MAX_ENDPOINTS) throw webhookErrors.too_many_webhooks();

  const id = deps.ids.next("webhookEndpoint");
  const createdAt = deps.clock.now();
  const sealed = secret && deps.keys.seal(secret, secretContext(id));
  try {
    await tx.execute(sql`
      insert into webhook_endpoints (id, tenant_id, key, url, types, format, mode, secret_sealed, from_file, created_at)
      values (${id}, ${input.tenantId}, ${input.key}, ${input.url}, ${types}, ${format}, ${input.mode}, ${sealed},
        ${input.fromFile ?? true}, ${createdAt})`);
  } catch (error) {
    if (!isUniqueViolation(error, "webhook_endpoints_key")) throw error;
    throw new AppError("webhook_key_taken", 409, `There is already a webhook named ${input.key}.`);
  }
  const { tenantId, key, url, mode } = input;
  const endpoint: WebhookEndpoint = {
    id,
    tenantId,
    key,
    url,
    types,
    format,
    mode,
    state: "active",
    hasSecret: secret !== null,
    failSinceAt: null,
    createdAt,
  };
  return { endpoint, secret };
}
