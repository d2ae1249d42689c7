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
  declare readonly track: (type: string, props?: Record<string, unknown>) => void;
  declare readonly flush: () => Promise<void>;
  /** For a page that is going away: no headers are possible, so the body carries them. */
  declare readonly flushBeacon: () => void;
  declare readonly destroy: () => void;

  constructor(options: EventTrackerOptions) {
    const { paywallId, capabilities = [], getVisitorId, getCachedVisitorId, getUserId } = options;
    const { enabled = true, flushIntervalMs = 1500, maxBufferSize = 20 } = options;
    let buffer: TrackedEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failing = false;
    let destroyed = false;

    const endpoint = () => (typeof options.endpoint === "function" ? options.endpoint() : options.endpoint);
    const arm = (ms: number) => {
      timer ??= setTimeout(() => inBackground(this.flush()), ms);
    };
    const disarm = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    /** Beyond the cap the oldest go. */
    const keep = (events: TrackedEvent[]) => {
      buffer = events.slice(-HARD_CAP);
    };
    const take = () => {
      disarm();
      const events = buffer;
      buffer = [];
      return events;
    };
    const giveBack = (events: TrackedEvent[], retryMs?: number) => {
      if (destroyed) return;
      keep([...events, ...buffer]);
      if (!retryMs) return;
      disarm();
      arm(retryMs);
    };

    this.track = (type, props) => {
      if (destroyed || !enabled || !type || typeof type !== "string") return;
      const experiment = options.getExperimentContext?.();
      const all = experiment
        ? { experiment_id: experiment.experimentId, variant: experiment.variant, ...props }
        : props;
      keep([...buffer, { type, ts: Date.now(), ...(all && { props: all }) }]);
      if (buffer.length >= maxBufferSize && !failing) inBackground(this.flush());
      else arm(flushIntervalMs);
    };

    this.flush = async () => {
      const events = take();
      if (!events.length) return;
      // Called detached on purpose: browsers reject a `fetch` whose receiver is not the window.
      const { fetch: send = fetch } = options;
      try {
        const userId = getUserId?.();
        const body = JSON.stringify({ events });
        const { status } = await send(endpoint(), {
          method: "POST",
          headers: {
            "Content-Type": "application/json",
            ...sdkHeaders(options),
            "X-Visitor-Id": await getVisitorId(),
            ...(userId && { "X-User-Id": userId }),
          },
          body,
          credentials: "omit",
          keepalive: body.length < KEEPALIVE_BYTES,
        });
        failing = status >= 500;
      } catch {
        failing = true;
      }
      if (failing) giveBack(events, RETRY_MS);
    };

    this.flushBeacon = () => {
      const events = take();
      if (!events.length) return;
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
        const send = options.sendBeacon ?? navigator.sendBeacon.bind(navigator);
        if (visitorId && send(endpoint(), body)) return;
      } catch {
        // Falls through to fetch.
      }
      giveBack(events);
      inBackground(this.flush());
    };

    const leave = (event: Event) => {
      if (event.type === "pagehide" || document.visibilityState === "hidden") this.flushBeacon();
    };
    const listen = (method: "addEventListener" | "removeEventListener") => {
      // Workers and servers have neither; some runtimes have a window without a document.
      if (!globalThis.window?.document) return;
      window[method]("pagehide", leave);
      document[method]("visibilitychange", leave);
    };
    this.destroy = () => {
      if (destroyed) return;
      inBackground(this.flush());
      destroyed = true;
      listen("removeEventListener");
    };
    if (enabled) listen("addEventListener");
  }
}
