import { setTimeout as sleep } from "node:timers/promises";
import { WEBHOOK_USER_AGENT } from "@tollgate/protocol/paywall-api/headers";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { createSafeFetch, OutboundRefused, type SafeFetch } from "../../platform/safe-fetch/index.ts";
import { type ClaimedDelivery, claimDeliveries } from "./claim-deliveries.ts";
import { secretContext } from "./endpoint.ts";
import { type AttemptResult, finishAttempt } from "./finish-attempt.ts";
import { DELIVERY_JOB } from "./follower.ts";
import { signatureHeaders } from "./sign-message.ts";

export const DELIVERY_TIMEOUT_MS = 10_000;
const LEASE_SLACK_MS = 20_000;
const MAX_IN_FLIGHT = 128;
const MAX_PER_ENDPOINT = 8;
// An endpoint that fails probably hangs, too; it gets to hold this many connections and no more.
const MAX_PER_FAILING_ENDPOINT = 2;
const RESPONSE_CHARS = 1000;
// Four bytes per character at most.
const RESPONSE_BYTES = RESPONSE_CHARS * 4;
// How long one run looks on before it lets the scheduler have its say.
const RUN_MS = 250;
// Answers that arrive together are replaced by one claim instead of one each.
const GATHER_MS = 3;

export type DeliveryOptions = { fetch?: SafeFetch; timeoutMs?: number };

/**
 * Delivers what is due. Requests outlive the run that started them, so an endpoint that hangs keeps its own
 * slots busy and nobody else waiting; a run answers "not done" while any request is under way.
 */
export function deliveryJob(deps: Deps, options: DeliveryOptions = {}): Job {
  const timeoutMs = options.timeoutMs ?? DELIVERY_TIMEOUT_MS;
  const fetch = options.fetch ?? createSafeFetch({ allowedOrigins: deps.config.webhookAllowedOrigins });
  const running = new Set<Promise<void>>();
  const perEndpoint = new Map<string, number>();

  function start(delivery: ClaimedDelivery): void {
    const { endpointId } = delivery;
    perEndpoint.set(endpointId, (perEndpoint.get(endpointId) ?? 0) + 1);
    const done = attemptDelivery(deps, fetch, delivery, timeoutMs)
      .catch((error: unknown) => {
        // The lease brings the delivery back.
        deps.log.error({ err: error, delivery: delivery.id }, "an attempt could not be recorded");
      })
      .finally(() => {
        running.delete(done);
        const left = (perEndpoint.get(endpointId) ?? 1) - 1;
        if (left > 0) perEndpoint.set(endpointId, left);
        else perEndpoint.delete(endpointId);
      });
    running.add(done);
  }

  async function claim(): Promise<number> {
    if (running.size >= MAX_IN_FLIGHT) return 0;
    const now = deps.clock.now();
    const claimed = await claimDeliveries(
      deps.db,
      now,
      new Date(now.getTime() + timeoutMs + LEASE_SLACK_MS),
      {
        total: MAX_IN_FLIGHT - running.size,
        perEndpoint: MAX_PER_ENDPOINT,
        perFailingEndpoint: MAX_PER_FAILING_ENDPOINT,
        inFlight: perEndpoint,
      },
    );
    for (const delivery of claimed) start(delivery);
    return claimed.length;
  }

  return {
    name: DELIVERY_JOB,
    everyMs: 1000,
    async run() {
      const until = performance.now() + RUN_MS;
      let claimed = await claim();
      while (running.size > 0 && performance.now() < until) {
        await Promise.race([...running, sleep(until - performance.now())]);
        await sleep(GATHER_MS);
        claimed += await claim();
      }
      return claimed + running.size;
    },
    async drain() {
      await Promise.all(running);
      if (!options.fetch) await fetch.close();
    },
  };
}

async function attemptDelivery(
  deps: Deps,
  fetch: SafeFetch,
  delivery: ClaimedDelivery,
  timeoutMs: number,
): Promise<void> {
  const startedAt = performance.now();
  const duration = () => Math.round(performance.now() - startedAt);
  let result: AttemptResult;
  try {
    const { status, body } = await fetch.send({
      url: delivery.url,
      method: "POST",
      headers: headersOf(deps, delivery),
      body: delivery.body,
      timeoutMs,
      maxResponseBytes: RESPONSE_BYTES,
    });
    const response = storable(body.toString("utf8"));
    result = { end: { kind: "answered", status }, durationMs: duration(), response, error: null };
  } catch (error) {
    const kind = isRefusal(error) ? "refused" : "unanswered";
    result = { end: { kind }, durationMs: duration(), response: null, error: describe(error, timeoutMs) };
  }
  await finishAttempt(deps, delivery, result);
}

function headersOf(deps: Deps, delivery: ClaimedDelivery): Record<string, string> {
  const headers = { "content-type": "application/json", "user-agent": WEBHOOK_USER_AGENT };
  if (!delivery.secretSealed) return headers;
  const secret = deps.keys.open(delivery.secretSealed, secretContext(delivery.endpointId));
  const message = { id: delivery.messageId, body: delivery.body, sentAt: deps.clock.now() };
  return { ...headers, ...signatureHeaders(secret, message) };
}

// PostgreSQL text holds no NUL.
const storable = (text: string): string => text.replaceAll("\0", "\uFFFD").slice(0, RESPONSE_CHARS);

const isRefusal = (error: unknown): boolean =>
  error instanceof OutboundRefused || (error instanceof Error && error.cause instanceof OutboundRefused);

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "The request failed.";
  if (error.name === "TimeoutError") return `No complete answer within ${timeoutMs / 1000} seconds.`;
  const reason = error.message || ("code" in error ? String(error.code) : error.name);
  return storable(reason);
}
