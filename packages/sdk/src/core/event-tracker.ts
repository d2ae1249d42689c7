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

/** Batches analytics events. Losing one is acceptable, disturbing the host page is not: nothing rejects. */
export class EventTracker {
  readonly #options: EventTrackerOptions;
  #buffer: TrackedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #destroyed = false;
  readonly #onHide = () => {
    if (document.visibilityState === "hidden") this.flushBeacon();
  };
  readonly #onLeave = () => this.flushBeacon();

  constructor(options: EventTrackerOptions) {
    this.#options = options;
    if (typeof window === "undefined" || options.enabled === false) return;
    addEventListener("pagehide", this.#onLeave);
    document.addEventListener("visibilitychange", this.#onHide);
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
    this.#buffer.push({ type, ts: Date.now(), ...(all && { props: all }) });
    if (this.#buffer.length > HARD_CAP) this.#buffer.shift();
    if (this.#buffer.length >= maxBufferSize) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), flushIntervalMs);
  }

  async flush(): Promise<void> {
    const events = this.#take();
    if (!events.length) return;
    const { paywallId, capabilities, getVisitorId, getUserId, fetch: send = fetch } = this.#options;
    try {
      const headers: Record<string, string> = {
        "Content-Type": "application/json",
        "X-SDK-Version": SDK_VERSION,
        "X-Paywall-Id": paywallId,
        "X-Visitor-Id": await getVisitorId(),
      };
      const userId = getUserId?.();
      if (capabilities?.length) headers["X-SDK-Capabilities"] = capabilities.join(",");
      if (userId) headers["X-User-Id"] = userId;
      await send(this.#endpoint(), {
        method: "POST",
        headers,
        body: JSON.stringify({ events }),
        credentials: "omit",
        keepalive: true,
      });
    } catch {
      // Analytics never get in the way.
    }
  }

  /** For a page that is going away: no headers are possible, so the body carries them. */
  flushBeacon(): void {
    const events = this.#take();
    if (!events.length) return;
    const { paywallId, capabilities = [], getCachedVisitorId, getUserId, sendBeacon } = this.#options;
    const visitorId = getCachedVisitorId?.();
    const body = {
      events,
      visitor_id: visitorId,
      user_id: getUserId?.() ?? null,
      sdk_version: SDK_VERSION,
      paywall_id: paywallId,
      capabilities: capabilities.join(","),
    };
    try {
      const send = sendBeacon ?? navigator.sendBeacon.bind(navigator);
      if (visitorId && send(this.#endpoint(), JSON.stringify(body))) return;
    } catch {
      // Falls through to fetch.
    }
    this.#buffer.unshift(...events);
    void this.flush();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    void this.flush();
    if (typeof window === "undefined") return;
    removeEventListener("pagehide", this.#onLeave);
    document.removeEventListener("visibilitychange", this.#onHide);
  }

  #endpoint(): string {
    const { endpoint } = this.#options;
    return typeof endpoint === "function" ? endpoint() : endpoint;
  }

  #take(): TrackedEvent[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#buffer;
    this.#buffer = [];
    return events;
  }
}
