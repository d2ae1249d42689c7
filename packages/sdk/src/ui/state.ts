import { createEmitter, subscribeWithReplay } from "../core/emitter.ts";
import type { AuthSession, PaywallBootstrap, PaywallError, ReplayMode } from "../core/index.ts";
import type { PaywallStateSnapshot, PaywallView } from "./types.ts";

export type AuthIntent = "restore" | "preauth" | "standalone";
export type AuthMode = "signin" | "signup";

/** Everything the modal shows is a function of this. */
export interface UiState {
  open: boolean;
  /** What this mount was made for; it decides where "back" leads and what counts as a view. */
  kind: "plans" | "auth" | "support" | "checkout";
  step: "plans" | "auth" | "support" | "awaiting" | "blocked" | "verifying" | "purchased";
  bootstrap: PaywallBootstrap | null;
  error: PaywallError | null;
  selectedPriceId: string | null;
  auth: { intent: AuthIntent; mode: AuthMode };
  session: AuthSession | null;
  /** The purchase that waits for a sign-in. */
  pendingPriceId: string | null;
  checkout: { url: string; priceId: string } | null;
  /** Somebody began to pay since this mount was made. */
  checkoutStarted: boolean;
  /** A checkout is being created from the plan view. */
  busy: boolean;
  /** A sentence beside the button after a checkout failed. */
  notice: "payment.failed" | "payment.who" | null;
  restored: boolean;
  processing: boolean;
  title: string | null;
  renew: boolean;
}

export const closedState: UiState = {
  open: false,
  kind: "plans",
  step: "plans",
  bootstrap: null,
  error: null,
  selectedPriceId: null,
  auth: { intent: "standalone", mode: "signin" },
  session: null,
  pendingPriceId: null,
  checkout: null,
  checkoutStarted: false,
  busy: false,
  notice: null,
  restored: false,
  processing: false,
  title: null,
  renew: false,
};

const STEP_VIEWS: Record<UiState["step"], PaywallView> = {
  plans: "layout",
  auth: "auth",
  support: "support",
  awaiting: "awaiting_payment",
  blocked: "popup_blocked",
  verifying: "loading",
  purchased: "purchased",
};

export function viewOf(state: UiState): PaywallView | null {
  if (!state.open) return null;
  if (state.step === "purchased" && !state.restored) return "purchased";
  if (state.error) return "error";
  return state.bootstrap ? STEP_VIEWS[state.step] : "loading";
}

export interface StateStore {
  get(): UiState;
  set(patch: Partial<UiState>): void;
  snapshot(): PaywallStateSnapshot;
  onSnapshot(listener: (snapshot: PaywallStateSnapshot) => void, mode?: ReplayMode): () => void;
  clear(): void;
}

/** Holds the state, redraws on change, and tells hosts only about what they can tell apart. */
export function createStateStore(draw: (state: UiState) => void): StateStore {
  const changes = createEmitter<PaywallStateSnapshot>();
  let state = closedState;
  let snapshot: PaywallStateSnapshot = { open: false, view: null, error: null, processing: false };
  return {
    get: () => state,
    set(patch) {
      state = { ...state, ...patch };
      draw(state);
      const { open, error, processing } = state;
      const next = { open, view: viewOf(state), error: open ? error : null, processing };
      const keys = Object.keys(next) as (keyof PaywallStateSnapshot)[];
      if (keys.every((key) => next[key] === snapshot[key])) return;
      snapshot = next;
      changes.emit(next);
    },
    snapshot: () => snapshot,
    onSnapshot: (listener, mode) => subscribeWithReplay(changes, listener, () => snapshot, mode),
    clear: changes.clear,
  };
}
