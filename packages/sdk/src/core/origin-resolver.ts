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

/** Decides which origin to try first, and remembers which one answered. Methods are bound. */
export class OriginResolver {
  readonly primary: string;
  readonly edge: string | null;
  /** Settles once the persisted preference has been read. Never rejects. */
  readonly ready: Promise<void>;
  /** The origins to try, best first. */
  declare readonly candidates: () => string[];
  declare readonly active: () => string;
  /** Records that `origin` answered: a mirror that took over becomes sticky, a primary that answers heals. */
  declare readonly succeeded: (origin: string) => void;

  constructor(options: OriginResolverOptions) {
    const { edgeFallback, storage } = options;
    const primary = options.primary.replace(/\/+$/, "");
    let edge = edgeFallback === false ? null : deriveEdgeOrigin(primary);
    if (typeof edgeFallback === "string") {
      try {
        edge = new URL(edgeFallback).origin;
      } catch {
        throw invalidConfig("edgeFallback must be an origin");
      }
    }
    const key = STORAGE_KEYS.edgeState(primary.replace(/^\w+:\/\//, ""));
    const state = states.get(primary) ?? { switchedAt: 0 };
    states.set(primary, state);
    const hydrate = async (from: StorageAdapter) => {
      const record = parseRecord<{ active: string; switchedAt: number }>(await readItem(from, key));
      if (record?.active === "edge") state.switchedAt ||= Number(record.switchedAt) || 0;
    };
    if (edge && storage) state.hydrated ??= hydrate(storage);
    this.primary = primary;
    this.edge = edge;
    this.ready = state.hydrated ?? Promise.resolve();

    this.candidates = () => {
      if (!edge) return [primary];
      const sticky = Date.now() - state.switchedAt;
      // A switch in the future was dated by a clock that was wrong.
      return sticky >= 0 && sticky < EDGE_STICKY_TTL_MS ? [edge, primary] : [primary, edge];
    };
    this.active = () => this.candidates()[0]!;
    this.succeeded = (origin) => {
      const viaEdge = origin === edge;
      if (viaEdge ? this.active() === origin : !state.switchedAt) return;
      const switchedAt = Date.now();
      state.switchedAt = viaEdge ? switchedAt : 0;
      const record = { active: viaEdge ? "edge" : "primary", switchedAt };
      if (edge && storage) void writeItem(storage, key, JSON.stringify(record));
    };
  }
}

/** Removes what this page learned about origins. For tests, which are many pages in one process. */
export function forgetOrigins(): void {
  states.clear();
}
