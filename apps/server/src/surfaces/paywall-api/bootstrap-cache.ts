import { emptyUser, type PaywallUser } from "@tollgate/protocol/paywall-api/user";
import { PAYWALLS_CHANGED, type PaywallOfTenant } from "../../domains/paywalls/index.ts";
import { type ReadyBytes, readyBytes } from "../../http/ready-bytes.ts";
import type { Deps } from "../../platform/deps.ts";
import { type BootstrapContent, loadBootstrapContent } from "./bootstrap-content.ts";
import { type BootstrapAudience, offersFor, renderBootstrap } from "./bootstrap-render.ts";

/** One rendering as bytes that can be sent as they are. */
export type ReadyBootstrap = {
  version: string;
  /** For a guest: the full form, and the short form for a client that has this version. */
  full: ReadyBytes;
  unchanged: ReadyBytes;
  /** The full form for somebody in particular. */
  fullFor(user: PaywallUser): Buffer;
  unchangedFor(user: PaywallUser): Buffer;
  /** Real time in ms from which it must not be sent any more. */
  validUntilMs: number;
};

type Caller = Pick<BootstrapAudience, "country" | "device">;

type Entry = {
  content: BootstrapContent;
  tenantId: string;
  staleAtMs: number;
  renderings: Map<string, ReadyBootstrap>;
};

export interface BootstrapCache {
  /** The rendering for a caller, from memory or made now. */
  get(found: PaywallOfTenant, audience: BootstrapAudience): Promise<ReadyBootstrap>;
  /** What is in memory for a guest, without waiting for anything. */
  peek(ref: string, caller: (content: BootstrapContent) => Caller): ReadyBootstrap | null;
}

// News of changes comes at once; this bounds what a node shows that could not hear them.
const MAX_AGE_MS = 60_000;
const MAX_PAYWALLS = 1000;
const MAX_RENDERINGS_PER_PAYWALL = 600;

/**
 * Renderings of this process, per paywall × country × device class × the offers addressed to one e-mail.
 * A change anywhere beneath a paywall is announced to all nodes and empties the tenant's part; the ends of
 * offers empty it by themselves, on the tenant's clock.
 */
export function createBootstrapCache(deps: Pick<Deps, "broadcast" | "clock" | "db">): BootstrapCache {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<Entry>>();
  // What was read before a change must not be kept after it.
  let generation = 0;

  deps.broadcast.on(PAYWALLS_CHANGED, (tenantId) => {
    generation += 1;
    loading.clear();
    for (const [key, entry] of entries) {
      if (tenantId === null || entry.tenantId === tenantId) entries.delete(key);
    }
  });

  async function load(found: PaywallOfTenant): Promise<Entry> {
    const { id, num } = found.paywall;
    const startedIn = generation;
    const content = await loadBootstrapContent(deps.db, found);
    const entry: Entry = {
      content,
      tenantId: found.tenant.id,
      staleAtMs: deps.clock.now().getTime() + MAX_AGE_MS,
      renderings: new Map(),
    };
    if (startedIn === generation) {
      makeRoom(entries, 2 * MAX_PAYWALLS);
      // Both of its names, so that the fast path has nothing to parse.
      entries.set(id, entry).set(String(num), entry);
    }
    return entry;
  }

  function entryOf(found: PaywallOfTenant): Entry | Promise<Entry> {
    const { id } = found.paywall;
    const known = entries.get(id);
    if (
      known &&
      known.staleAtMs > deps.clock.now().getTime() &&
      known.content.tenant.clockOffsetMs === found.tenant.clockOffsetMs
    ) {
      return known;
    }
    let pending = loading.get(id);
    if (!pending) {
      const started = load(found).finally(() => {
        if (loading.get(id) === started) loading.delete(id);
      });
      pending = started;
      loading.set(id, pending);
    }
    return pending;
  }

  return {
    async get(found, audience) {
      const { content, renderings } = await entryOf(found);
      const key = keyOf(content, audience, addressedOffers(content, audience));
      const known = renderings.get(key);
      if (known && known.validUntilMs > deps.clock.now().getTime()) return known;
      const ready = makeReady(content, audience);
      makeRoom(renderings, MAX_RENDERINGS_PER_PAYWALL);
      renderings.set(key, ready);
      return ready;
    },
    peek(ref, caller) {
      const entry = entries.get(ref);
      if (!entry) return null;
      const nowMs = deps.clock.now().getTime();
      if (entry.staleAtMs <= nowMs) return null;
      const ready = entry.renderings.get(keyOf(entry.content, caller(entry.content), ""));
      return ready && ready.validUntilMs > nowMs ? ready : null;
    },
  };
}

/** The device matters only where device targeting is on. */
const keyOf = (content: BootstrapContent, { country, device }: Caller, offers: string): string =>
  content.paywall.settings.macOnly ? `${country}|${device}|${offers}` : `${country}||${offers}`;

/** The offers that this e-mail sees and others do not, as a text. */
function addressedOffers(content: BootstrapContent, audience: BootstrapAudience): string {
  if (audience.email === null || !content.offers.some((offer) => offer.emails.length > 0)) return "";
  return offersFor(content, audience)
    .filter((offer) => offer.emails.length > 0)
    .map((offer) => offer.id)
    .join(",");
}

function makeReady(content: BootstrapContent, audience: BootstrapAudience): ReadyBootstrap {
  const { version, json, validUntil } = renderBootstrap(content, audience);
  const open = `${json.slice(0, -1)},"user":`;
  const fullFor = (user: PaywallUser) => Buffer.from(`${open}${JSON.stringify(user)}}`);
  const unchangedFor = (user: PaywallUser) => Buffer.from(JSON.stringify({ unchanged: true, version, user }));
  return {
    version,
    full: readyBytes(fullFor(emptyUser())),
    unchanged: readyBytes(unchangedFor(emptyUser())),
    fullFor,
    unchangedFor,
    validUntilMs: validUntil ? validUntil.getTime() - content.tenant.clockOffsetMs : Number.POSITIVE_INFINITY,
  };
}

/** Drops the oldest until one more fits. */
function makeRoom<V>(map: Map<string, V>, max: number): void {
  for (const key of map.keys()) {
    if (map.size < max) return;
    map.delete(key);
  }
}
