import { invalidConfig } from "./errors.ts";
import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { StorageAdapter } from "./types.ts";

export const EDGE_SUBDOMAIN_PREFIX = "edge.";
/** How long the mirror is tried first after it saved a request; not extended by later mirror successes. */
export const EDGE_STICKY_TTL_MS = 30 * 60_000;
/** Time to response headers while another origin is left to try. */
export const EDGE_HEDGE_TIMEOUT_MS = 5_000;
/** Time to response headers on the last origin, and to the end of any body. */
export const EDGE_FINAL_TIMEOUT_MS = 30_000;

/** The conventional mirror of an origin, or null where none can exist (http, IP, dotless or edge hosts). */
export function deriveEdgeOrigin(origin: string): string | null {
  try {
    const { protocol, hostname, host } = new URL(origin);
    if (
      protocol !== "https:" ||
      !hostname.includes(".") ||
      /^[\d.]+$|^\[/.test(hostname) ||
      hostname.startsWith(EDGE_SUBDOMAIN_PREFIX)
    )
      return null;
    return `https://${EDGE_SUBDOMAIN_PREFIX}${host}`;
  } catch {
    return null;
  }
}

export interface OriginResolverOptions {
  /** The configured API origin. */
  primary: string;
  /** `false` for one origin only, a string to name the mirror; by default it is derived. */
  edgeFallback?: false | string;
  /** Where the preference survives a reload; without it it lives as long as the page. */
  storage?: StorageAdapter;
}

interface EdgeState {
  /** When the mirror last took over, or 0 while the primary is preferred. */
  switchedAt: number;
  /** The persisted preference is being read, or has been. */
  hydrated?: Promise<void>;
}

// One blocked origin is blocked for every client of the page, so they learn it once.
const states = new Map<string, EdgeState>();

/** Decides which origin to try first, and remembers which one answered. */
export class OriginResolver {
  readonly primary: string;
  readonly edge: string | null;
  /** Settles once the persisted preference has been read. Never rejects. */
  readonly ready: Promise<void>;
  readonly #storage?: StorageAdapter;
  readonly #state: EdgeState;

  constructor({ primary, edgeFallback, storage }: OriginResolverOptions) {
    this.primary = primary.replace(/\/+$/, "");
    this.edge = edgeFallback === false ? null : deriveEdgeOrigin(this.primary);
    if (typeof edgeFallback === "string") {
      try {
        this.edge = new URL(edgeFallback).origin;
      } catch {
        throw invalidConfig("edgeFallback must be an origin");
      }
    }
    const state = states.get(this.primary) ?? { switchedAt: 0 };
    states.set(this.primary, state);
    this.#state = state;
    if (this.edge) this.#storage = storage;
    if (this.#storage) state.hydrated ??= this.#hydrate(this.#storage);
    this.ready = state.hydrated ?? Promise.resolve();
  }

  /** The origins to try, best first. */
  candidates(): string[] {
    if (!this.edge) return [this.primary];
    const sticky = Date.now() - this.#state.switchedAt;
    // A switch in the future was dated by a clock that was wrong.
    return sticky >= 0 && sticky < EDGE_STICKY_TTL_MS ? [this.edge, this.primary] : [this.primary, this.edge];
  }

  active(): string {
    return this.candidates()[0]!;
  }

  /** Records that `origin` answered: a mirror that took over becomes sticky, a primary that answers heals. */
  succeeded(origin: string): void {
    const viaEdge = origin === this.edge;
    const state = this.#state;
    if (viaEdge ? this.active() === origin : !state.switchedAt) return;
    const switchedAt = Date.now();
    state.switchedAt = viaEdge ? switchedAt : 0;
    const record = { active: viaEdge ? "edge" : "primary", switchedAt };
    if (this.#storage) void writeItem(this.#storage, this.#key(), JSON.stringify(record));
  }

  #key(): string {
    return STORAGE_KEYS.edgeState(this.primary.replace(/^\w+:\/\//, ""));
  }

  async #hydrate(storage: StorageAdapter): Promise<void> {
    const record = parseRecord<{ active: string; switchedAt: number }>(await readItem(storage, this.#key()));
    if (record?.active === "edge") this.#state.switchedAt ||= Number(record.switchedAt) || 0;
  }
}

/** Removes what this page learned about origins. For tests, which are many pages in one process. */
export function forgetOrigins(): void {
  states.clear();
}
