import { type BillingContext, type CallOptions, emailHeader } from "./context.ts";
import { invalidConfig } from "./errors.ts";
import { applyExperimentAssignment, resolveExperimentAssignment } from "./experiment.ts";
import { applyLocale } from "./locale.ts";
import { abortable, inBackground } from "./promises.ts";
import { createSharedValue, type SharedValue, sameJson } from "./shared-value.ts";
import { objectsOf, STORAGE_KEYS } from "./storage.ts";
import type { Layout, PaywallBootstrap, PaywallSettings, PaywallUser } from "./types.ts";
import { completeUser } from "./user-state.ts";

export const BOOTSTRAP_FRESH_MS = 5 * 60_000;
export const BOOTSTRAP_TTL_MS = 60 * 60_000;

export type BootstrapPatch = Partial<Omit<PaywallBootstrap, "settings">> & {
  settings?: Partial<PaywallSettings>;
};

type Answer = PaywallBootstrap | { unchanged: true; version: string; user?: PaywallUser | null };

export interface BootstrapMethods {
  bootstrap(options?: boolean | CallOptions): Promise<PaywallBootstrap>;
  getCachedBootstrap(): PaywallBootstrap | null;
  onBootstrapChange(listener: (bootstrap: PaywallBootstrap) => void): () => void;
  setBootstrap(patch: BootstrapPatch): void;
}

/**
 * The paywall's content, with stale-while-revalidate: fresh for five minutes, shown and revalidated in the
 * background for an hour, shared with other tabs through storage.
 */
export function createBootstrapCache(
  context: BillingContext,
  user: SharedValue<PaywallUser>,
): { methods: BootstrapMethods; value: SharedValue<PaywallBootstrap> } {
  const { paywallId, preview } = context;
  /** What the server sent for what is shown, so that a changed language or experiment starts from the original. */
  const originals = new WeakMap<PaywallBootstrap, PaywallBootstrap>();
  let previews = 0;
  let trusted = false;

  const materialise = async (answer: unknown): Promise<PaywallBootstrap | null> => {
    const { user: _, ...original } = answer as PaywallBootstrap;
    if (typeof original.settings !== "object" || !original.settings) return null;
    const shown: PaywallBootstrap = structuredClone(original);
    shown.prices = objectsOf(shown.prices);
    shown.offers = objectsOf(shown.offers);
    applyLocale(shown);
    const { layout } = shown;
    shown.layout = Array.isArray(layout?.blocks)
      ? { ...layout, blocks: objectsOf(layout.blocks) }
      : defaultLayout(shown);
    try {
      applyExperimentAssignment(
        shown,
        await resolveExperimentAssignment(context.storage, paywallId, shown.experiment, context.visitor),
      );
    } catch {
      // Whatever fails here leaves the control group's paywall.
    }
    originals.set(shown, original);
    return shown;
  };

  const value = createSharedValue<PaywallBootstrap>({
    storage: context.storage,
    key: () => STORAGE_KEYS.bootstrap(paywallId),
    field: "bootstrap",
    // A preview has nothing to do with what visitors of the same browser have stored.
    ttl: preview ? 0 : BOOTSTRAP_TTL_MS,
    same: (a, b) => (a.version ? a.version === b.version : sameJson(a, b)),
    encode: (shown) => shown.version && originals.get(shown),
    decode(stored) {
      // What is broken in storage is not repaired but asked for again.
      const { prices } = stored as PaywallBootstrap;
      return objectsOf(prices).length === prices?.length ? materialise(stored) : null;
    },
  });

  const withUser = (shown: PaywallBootstrap): PaywallBootstrap => ({
    ...shown,
    user: user.get() ?? undefined,
  });

  const load = (force: boolean, signal?: AbortSignal) =>
    context.share(
      `bootstrap${force}`,
      async (shared) => {
        await context.identitySettled();
        const commitUser = user.begin();
        const commit = value.begin();
        const email = context.identity()?.email;
        const ask = async (version?: string): Promise<Answer> =>
          context.ask(`bootstrap${version ? `?if_version=${encodeURIComponent(version)}` : ""}`, {
            headers: emailHeader(email),
            signal: shared,
          });
        const known = force ? null : value.get();
        let answer = await ask(known?.version);
        if ("unchanged" in answer && !known) answer = await ask();
        if (answer.user) commitUser(completeUser(answer.user));
        if ("unchanged" in answer) return withUser(commit(known!));
        if (!trusted) assertOrigin(context.apiOrigin, answer.settings?.custom_domain);
        const shown = await materialise(answer);
        if (!shown) throw invalidConfig("The server did not answer with a paywall");
        trusted = true;
        return withUser(commit(shown));
      },
      signal,
    );

  return {
    value,
    methods: {
      async bootstrap(options = {}) {
        const { force = false, signal } = typeof options === "boolean" ? { force: options } : options;
        await abortable(value.ready(), signal);
        const shown = value.get();
        if (preview && !shown) throw invalidConfig("A preview client shows what setBootstrap gave it");
        const age = value.age();
        if (!preview && (!shown || force || age > BOOTSTRAP_TTL_MS)) return load(force, signal);
        if (!preview && age > BOOTSTRAP_FRESH_MS) inBackground(load(false));
        return withUser(shown!);
      },
      getCachedBootstrap() {
        const shown = value.get();
        return shown && withUser(shown);
      },
      onBootstrapChange: (listener) => value.subscribe(listener, { immediate: "none" }),
      setBootstrap(patch) {
        const before = value.get();
        const settings = { id: paywallId, name: "", ...before?.settings, ...patch.settings };
        const version = `preview:${++previews}`;
        const shown = { prices: [], offers: [], ...before, ...patch, settings, version };
        value.show({ ...shown, layout: shown.layout ?? defaultLayout(shown) });
      },
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

/** The wrong origin would work here and there, and break sign-in links and hosted pages later: refused early. */
function assertOrigin(apiOrigin: string, customDomain: string | null | undefined): void {
  const origin = (text: string) => {
    try {
      return new URL(text.includes("://") ? text : `https://${text}`).origin;
    } catch {
      return text;
    }
  };
  if (customDomain && origin(apiOrigin) !== origin(customDomain))
    throw invalidConfig(`apiOrigin must be the paywall's custom domain, ${customDomain}`);
}
