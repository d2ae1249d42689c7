import { setTimeout as sleep } from "node:timers/promises";
import { WEBHOOK_USER_AGENT } from "@tollgate/protocol/paywall-api/headers";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { createSafeFetch, OutboundRefused, type SafeFetch } from "../../platform/safe-fetch/index.ts";
import { type ClaimedDelivery, claimDeliveries, releaseDeliveries } from "./claim-deliveries.ts";
import { secretContext } from "./endpoint.ts";

import { DELIVERY_JOB } from "./follower.ts";
import { type AttemptResult, createAttemptRecorder } from "./record-attempts.ts";
import { signatureHeaders } from "./sign-message.ts";

export const DELIVERY_TIMEOUT_MS = 10_000;
// Requests to one endpoint at a time, and deliveries claimed ahead so that the next one need not be fetched first.
const MAX_ACTIVE = 8;
const MAX_CLAIMED = 24;
// An endpoint that fails probably hangs, too; it gets to hold this many connections and no more.
const MAX_CLAIMED_FAILING = 2;
const MAX_CLAIMED_IN_ALL = 1024;
const LEASE_SLACK_MS = 20_000;
const RESPONSE_CHARS = 1000;
// Four bytes per character at most.
const RESPONSE_BYTES = RESPONSE_CHARS * 4;
// How long one run looks on before it lets the scheduler have its say.
const RUN_MS = 250;
// Answers that arrive together are made up for by one claim instead of one each.
const GATHER_MS = 3;

export type DeliveryOptions = { fetch?: SafeFetch; timeoutMs?: number };

/** What this process does for one endpoint. */
type Lane = { waiting: ClaimedDelivery[]; active: number };

/**
 * Delivers what is due. Requests outlive the run that started them, so an endpoint that hangs keeps its own
 * lane busy and nobody else waiting; a run answers "not done" while any request is under way.
 */
export function deliveryJob(deps: Deps, options: DeliveryOptions = {}): Job {
  const timeoutMs = options.timeoutMs ?? DELIVERY_TIMEOUT_MS;
  // Long enough for those that wait in the lane while each request before them takes all of its time.
  const leaseMs = timeoutMs * Math.ceil(MAX_CLAIMED / MAX_ACTIVE) + LEASE_SLACK_MS;
  const fetch = options.fetch ?? createSafeFetch({ allowedOrigins: deps.config.webhookAllowedOrigins });
  const record = createAttemptRecorder(deps);
  const lanes = new Map<string, Lane>();
  const running = new Set<Promise<void>>();
  let answered = () => {};

  const claimedOf = (lane: Lane) => lane.active + lane.waiting.length;
  const claimedInAll = () => [...lanes.values()].reduce((sum, lane) => sum + claimedOf(lane), 0);

  function startNext(lane: Lane): void {
    while (lane.active < MAX_ACTIVE) {
      const delivery = lane.waiting.shift();
      if (!delivery) return;
      lane.active += 1;
      const done = attempt(lane, delivery)
        // The lease brings the delivery back.
        .catch((error: unknown) => {
          deps.log.error({ err: error, delivery: delivery.id }, "an attempt could not be recorded");
        })
        .finally(() => running.delete(done));
      running.add(done);
    }
  }

  async function attempt(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    const result = await sendMessage(deps, fetch, delivery, timeoutMs);
    lane.active -= 1;
    // What waits behind a failure goes back, so that a lane in trouble holds little.
    if (result.end.kind !== "answered" || result.end.status >= 300) await release(lane.waiting.splice(0));
    startNext(lane);
    if (claimedOf(lane) === 0) lanes.delete(delivery.endpointId);
    answered();
    await record(delivery, result);
  }

  async function release(deliveries: ClaimedDelivery[]): Promise<void> {
    if (deliveries.length > 0) await releaseDeliveries(deps.db, deliveries);
  }

  async function claim(): Promise<number> {
    const total = MAX_CLAIMED_IN_ALL - claimedInAll();
    if (total <= 0) return 0;
    const now = deps.clock.now();
    const claimed = await claimDeliveries(deps.db, now, new Date(now.getTime() + leaseMs), {
      total,
      perEndpoint: MAX_CLAIMED,
      perFailingEndpoint: MAX_CLAIMED_FAILING,
      inFlight: new Map([...lanes].map(([endpointId, lane]) => [endpointId, claimedOf(lane)])),
    });
    for (const delivery of claimed) {
      const lane = lanes.get(delivery.endpointId) ?? { waiting: [], active: 0 };
      lanes.set(delivery.endpointId, lane);
      lane.waiting.push(delivery);
    }
    for (const lane of lanes.values()) startNext(lane);
    return claimed.length;
  }

  return {
    name: DELIVERY_JOB,
    everyMs: 1000,
    async run() {
      const until = performance.now() + RUN_MS;
      let claimed = await claim();
      while (running.size > 0 && performance.now() < until) {
        const next = new Promise<void>((resolve) => {
          answered = resolve;
        });
        await Promise.race([next, ...(lanes.size === 0 ? running : []), sleep(until - performance.now())]);
        await sleep(GATHER_MS);
        claimed += await claim();
      }
      return claimed + running.size;
    },
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => release(lane.waiting.splice(0))));
      await Promise.all(running);
      if (!options.fetch) await fetch.close();
    },
  };
}

async function sendMessage(
  deps: Deps,
  fetch: SafeFetch,
  delivery: ClaimedDelivery,
  timeoutMs: number,
): Promise<AttemptResult> {
  const startedAt = performance.now();
  const duration = () => Math.round(performance.now() - startedAt);
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
    return { end: { kind: "answered", status }, durationMs: duration(), response, error: null };
  } catch (error) {
    const kind = isRefusal(error) ? "refused" : "unanswered";
    return { end: { kind }, durationMs: duration(), response: null, error: describe(error, timeoutMs) };
  }
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
