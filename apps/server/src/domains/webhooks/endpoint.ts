import { WEBHOOK_TYPES } from "@tollgate/protocol/paywall-api/webhooks";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { refusalOf } from "../../platform/safe-fetch/index.ts";
import { webhookErrors } from "./errors.ts";
import { PUBLISHER_WEBHOOK_TYPES } from "./publisher-message.ts";

export type WebhookEndpoint = {
  id: string;
  tenantId: string;
  /** The merchant's own name for it; unique among the tenant's endpoints. */
  key: string;
  url: string;
  /** Empty means every type. */
  types: string[];
  /** What its messages look like: those of the 3.x wire, or those that publishers' systems read. */
  format: "paywall" | "publisher";
  mode: Mode;
  state: "active" | "paused" | "auto_disabled" | "deleted";
  hasSecret: boolean;
  /** Since when, on the tenant's clock, nothing has succeeded; null while things go well. */
  failSinceAt: Date | null;
  createdAt: Date;
};

const MAX_URL_CHARS = 2048;
const SECRET = /^[\x21-\x7e]{8,200}$/;

/** @throws `webhook_url_refused` for anything but https to the public internet, unless the operator allows the origin. */
export function checkUrl(url: string, config: Pick<Deps["config"], "webhookAllowedOrigins">): void {
  const reason =
    url.length > MAX_URL_CHARS ? "The address is too long." : refusalOf(url, config.webhookAllowedOrigins);
  if (reason) throw new AppError("webhook_url_refused", 400, `This webhook cannot be used. ${reason}`);
}

const TYPES: Record<WebhookEndpoint["format"], readonly string[]> = {
  paywall: WEBHOOK_TYPES,
  publisher: PUBLISHER_WEBHOOK_TYPES,
};

/** @throws `webhook_types_unknown` for what messages of this format never say */
export function checkTypes(types: readonly string[], format: WebhookEndpoint["format"]): string[] {
  const unknown = types.filter((type) => !TYPES[format].includes(type));
  if (unknown.length > 0) throw webhookErrors.webhook_types_unknown({ types: unknown });
  return [...new Set(types)];
}

/** @throws `webhook_secret_refused` */
export function checkSecret(secret: string): string {
  if (!SECRET.test(secret)) throw webhookErrors.webhook_secret_refused();
  return secret;
}

/** What a sealed endpoint secret is bound to. */
export const secretContext = (endpointId: string): string => `webhook-endpoint:${endpointId}`;
