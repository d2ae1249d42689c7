import { createEmitter } from "./emitter.ts";
import { invalidConfig } from "./errors.ts";
import { applyExperimentAssignment, resolveExperimentAssignment } from "./experiment.ts";
import { applyLocale } from "./locale.ts";
import { abortable } from "./promises.ts";
import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type { Layout, PaywallBootstrap, PaywallSettings, PaywallUser, StorageAdapter } from "./types.ts";

export const BOOTSTRAP_FRESH_MS = 5 * 60_000;
export const BOOTSTRAP_TTL_MS = 60 * 60_000;

export interface CallOptions {
  force?: boolean;
  signal?: AbortSignal;
}
export type BootstrapPatch = Partial<Omit<PaywallBootstrap, "settings">> & {
  settings?: Partial<PaywallSettings>;
};

interface Unchanged {
  unchanged: true;
  version: string;
  user?: PaywallUser | null;
}

interface Deps {
  paywallId: string;
  apiOrigin: string;
  storage: StorageAdapter;
  preview: boolean;
  getVisitorId: () => Promise<string>;
  /** One GET of the bootstrap with whatever identity applies now. */
  fetchBootstrap: (version: string | undefined) => Promise<PaywallBootstrap | Unchanged>;
  /** Takes the user snapshot that came with an answer. */
  onUser: (user: PaywallUser) => void;
  getCachedUser: () => PaywallUser | null;
}

export interface BootstrapCache {
  bootstrap(options?: boolean | CallOptions): Promise<PaywallBootstrap>;
  getCachedBootstrap(): PaywallBootstrap | null;
  onBootstrapChange(listener: (bootstrap: PaywallBootstrap) => void): () => void;
  setBootstrap(patch: BootstrapPatch): void;
  destroyBootstrap(): void;
}

/**
 * The paywall's content, with stale-while-revalidate: fresh for five minutes, shown and revalidated in the
 * background for an hour, shared with other tabs through storage.
 */
export function createBootstrapCache(deps: Deps): BootstrapCache {
  const key = STORAGE_KEYS.bootstrap(deps.paywallId);
  const changes = createEmitter<PaywallBootstrap>();
  /** `raw` is what the server sent, so that a changed language or experiment is applied to the original. */
  let raw: PaywallBootstrap | null = null;
  let value: PaywallBootstrap | null = null;
  let at = 0;
  let checked = false;
  let previews = 0;
  let inFlight: { promise: Promise<PaywallBootstrap>; force: boolean } | null = null;

  const adopt = async (next: PaywallBootstrap, age: number) => {
    const { user: _, ...content } = next;
    const shown = structuredClone(content) as PaywallBootstrap;
    shown.prices ??= [];
    shown.offers ??= [];
    applyLocale(shown);
    shown.layout ??= defaultLayout(shown);
    try {
      const { storage, paywallId, getVisitorId } = deps;
      const assignment = await resolveExperimentAssignment(
        storage,
        paywallId,
        shown.experiment,
        getVisitorId,
      );
      applyExperimentAssignment(shown, assignment);
    } catch {
      // Whatever fails here leaves the control group's paywall.
    }
    const changed = !value || value.version !== shown.version;
    raw = content as PaywallBootstrap;
    at = age;
    if (!changed && shown.version) return;
    value = shown;
    if (changed) changes.emit(shown);
  };

  const persist = async () => {
    if (raw?.version) await writeItem(deps.storage, key, JSON.stringify({ at, bootstrap: raw }));
  };

  const adoptStored = async (text: string | null) => {
    const record = parseRecord<{ at: number; bootstrap: PaywallBootstrap }>(text);
    const stored = record?.bootstrap;
    if (!stored?.settings || typeof record?.at !== "number") return;
    if (Date.now() - record.at < BOOTSTRAP_TTL_MS && record.at > at) await adopt(stored, record.at);
  };

  const hydrated = deps.preview ? Promise.resolve() : readItem(deps.storage, key).then(adoptStored);
  const unwatch = deps.preview ? undefined : deps.storage.watch?.(key, (text) => void adoptStored(text));

  const withUser = (): PaywallBootstrap => {
    const user = deps.getCachedUser();
    return user ? { ...value!, user } : { ...value! };
  };

  const fetchOnce = async (force: boolean): Promise<PaywallBootstrap> => {
    const version = force ? undefined : raw?.version;
    let answer = await deps.fetchBootstrap(version);
    if ("unchanged" in answer && !raw) answer = await deps.fetchBootstrap(undefined);
    if (answer.user) deps.onUser(answer.user);
    if ("unchanged" in answer) at = Date.now();
    else {
      if (!answer?.settings) throw invalidConfig("The server did not answer with a paywall");
      if (!checked) assertOrigin(deps.apiOrigin, answer.settings.custom_domain);
      checked = true;
      await adopt(answer, Date.now());
    }
    await persist();
    return withUser();
  };

  const load = (force: boolean): Promise<PaywallBootstrap> => {
    if (inFlight && (inFlight.force || !force)) return inFlight.promise;
    const mine = { promise: fetchOnce(force), force };
    inFlight = mine;
    const settle = () => {
      if (inFlight === mine) inFlight = null;
    };
    mine.promise.then(settle, settle);
    return mine.promise;
  };

  const bootstrap = async (options: boolean | CallOptions = {}): Promise<PaywallBootstrap> => {
    const { force = false, signal } = typeof options === "boolean" ? { force: options } : options;
    await abortable(hydrated, signal);
    if (deps.preview) {
      if (!value)
        throw invalidConfig("A preview client shows what setBootstrap gave it, and that was nothing");
      return withUser();
    }
    const age = Date.now() - at;
    if (!value || force || age > BOOTSTRAP_TTL_MS) return abortable(load(force), signal);
    if (age > BOOTSTRAP_FRESH_MS) load(false).catch(() => {});
    return withUser();
  };

  return {
    bootstrap,
    getCachedBootstrap: () => (value ? withUser() : null),
    onBootstrapChange: changes.add,
    setBootstrap(patch) {
      const settings = { id: deps.paywallId, name: "", ...value?.settings, ...patch.settings };
      value = { prices: [], offers: [], ...value, ...patch, settings, version: `preview:${++previews}` };
      value.layout ??= defaultLayout(value);
      at = Date.now();
      changes.emit(value);
    },
    destroyBootstrap() {
      unwatch?.();
      changes.clear();
    },
  };
}

/** What is shown when the merchant has not arranged anything. */
export function defaultLayout({ settings, prices }: Pick<PaywallBootstrap, "settings" | "prices">): Layout {
  return {
    type: "modal",
    blocks: [
      { type: "heading", text: settings.name || "Upgrade", level: 1 },
      { type: "price_grid", priceIds: prices.map(({ id }) => id) },
      { type: "cta_button", action: "checkout" },
      { type: "guarantee_badge" },
      { type: "current_session" },
    ],
  };
}

function assertOrigin(apiOrigin: string, customDomain: string | null | undefined): void {
  if (!customDomain) return;
  const origin = (text: string) => {
    try {
      return new URL(/^https?:\/\//.test(text) ? text : `https://${text}`).origin;
    } catch {
      return text;
    }
  };
  if (origin(apiOrigin) !== origin(customDomain))
    throw invalidConfig(`apiOrigin must be the paywall's custom domain, ${customDomain}`);
}
