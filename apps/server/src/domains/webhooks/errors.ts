import { defineErrors } from "../../platform/errors.ts";

export const MAX_ENDPOINTS = 10;

export const webhookErrors = defineErrors({
  webhook_types_unknown: { status: 400, message: "This is not an event that webhooks can subscribe to." },
  webhook_secret_refused: { status: 400, message: "A webhook secret has 8 to 200 visible characters." },
  too_many_webhooks: { status: 409, message: `An account can have at most ${MAX_ENDPOINTS} webhooks.` },
  webhook_not_found: { status: 404, message: "There is no such webhook." },
  delivery_not_found: { status: 404, message: "There is no such delivery." },
});
