import { inBackground } from "./promises.ts";
import { sdkHeaders } from "./transport.ts";
import type { ExperimentAssignment, FetchLike } from "./types.ts";
import { SDK_VERSION } from "./version.ts";

export interface TrackedEvent {
  type: string;
  ts: number;
  props?: Record<string, unknown>;
}

export interface EventTrackerOptions {
  /** A function is asked at every flush, so that events follow a failover. */
  endpoint: string | (() => string);
  paywallId: string;
  getVisitorId: () => Promise<string>;
  /** Beacons leave synchronously and need the id without waiting. */
  getCachedVisitorId?: () => string | null;
  getUserId?: () => string | null | undefined;
  capabilities?: string[];
  getExperimentContext?: () => ExperimentAssignment | null;
  enabled?: boolean;
  flushIntervalMs?: number;
  maxBufferSize?: number;
  fetch?: FetchLike;
  sendBeacon?: (url: string, body: string) => boolean;
}

const HARD_CAP = 100;
/** Browsers refuse bigger bodies for requests that may outlive their page. */
const KEEPALIVE_BYTES = 60_000;
/** While the network is away, events wait instead of knocking at every click. */
const RETRY_MS = 30_000;

/** Batches analytics events. Disturbing the host page is out of the question: nothing rejects, nothing throws. */
export class EventTracker {
  readonly #options: EventTrackerOptions;
  #buffer: TrackedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failing = false;
  #destroyed = false;
  readonly #leave = (event: Event) => {
    if (event.type === "pagehide" || document.visibilityState === "hidden") this.flushBeacon();
  };

  constructor(options: EventTrackerOptions) {
    this.#options = options;
    if (options.enabled !== false) this.#listen("addEventListener");
  }

  track(type: string, props?: Record<string, unknown>): void {
    const {
      enabled = true,
      getExperimentContext,
      flushIntervalMs = 1500,
      maxBufferSize = 20,
    } = this.#options;
    if (this.#destroyed || !enabled || !type || typeof type !== "string") return;
    const experiment = getExperimentContext?.();
    const all = experiment
      ? { experiment_id: experiment.experimentId, variant: experiment.variant, ...props }
      : props;
    this.#keep([...this.#buffer, { type, ts: Date.now(), ...(all && { props: all }) }]);
    if (this.#buffer.length >= maxBufferSize && !this.#failing) inBackground(this.flush());
    else this.#arm(flushIntervalMs);
  }

  async flush(): Promise<void> {
    const events = this.#take();
    if (!events.length) return;
    const { getVisitorId, getUserId, fetch: send = fetch } = this.#options;
    try {
      const userId = getUserId?.();
      const body = JSON.stringify({ events });
      const { status } = await send(this.#endpoint(), {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...sdkHeaders(this.#options),
          "X-Visitor-Id": await getVisitorId(),
          ...(userId && { "X-User-Id": userId }),
        },
        body,
        credentials: "omit",
        keepalive: body.length < KEEPALIVE_BYTES,
      });
      this.#failing = status >= 500;
    } catch {
      this.#failing = true;
    }
    if (this.#failing) this.#giveBack(events, RETRY_MS);
  }

  /** For a page that is going away: no headers are possible, so the body carries them. */
  flushBeacon(): void {
    const events = this.#take();
    if (!events.length) return;
    const { paywallId, capabilities = [], getCachedVisitorId, getUserId, sendBeacon } = this.#options;
    const visitorId = getCachedVisitorId?.();
    try {
      const body = JSON.stringify({
        events,
        visitor_id: visitorId,
        user_id: getUserId?.() ?? null,
        sdk_version: SDK_VERSION,
        paywall_id: paywallId,
        capabilities: capabilities.join(","),
      });
      const send = sendBeacon ?? navigator.sendBeacon.bind(navigator);
      if (visitorId && send(this.#endpoint(), body)) return;
    } catch {
      // Falls through to fetch.
    }
    this.#giveBack(events);
    inBackground(this.flush());
  }

  destroy(): void {
    if (this.#destroyed) return;
    inBackground(this.flush());
    this.#destroyed = true;
    this.#listen("removeEventListener");
  }

  #listen(method: "addEventListener" | "removeEventListener"): void {
    // Workers and servers have neither; some runtimes have a window without a document.
    if (!globalThis.window?.document) return;
    window[method]("pagehide", this.#leave);
    document[method]("visibilitychange", this.#leave);
  }

  #endpoint(): string {
    const { endpoint } = this.#options;
    return typeof endpoint === "function" ? endpoint() : endpoint;
  }

  #arm(ms: number): void {
    this.#timer ??= setTimeout(() => inBackground(this.flush()), ms);
  }

  /** Beyond the cap the oldest go. */
  #keep(events: TrackedEvent[]): void {
    this.#buffer = events.slice(-HARD_CAP);
  }

  #giveBack(events: TrackedEvent[], retryMs?: number): void {
    if (this.#destroyed) return;
    this.#keep([...events, ...this.#buffer]);
    if (!retryMs) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#arm(retryMs);
  }

  #take(): TrackedEvent[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#buffer;
    this.#buffer = [];
    return events;
  }
}
