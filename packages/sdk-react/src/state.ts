import type {
  PaywallOffer,
  PaywallStateSnapshot,
  PaywallUI,
  TrialStatus,
  VisibilityStatus,
} from "@tollgate/sdk";
import { createMirror, lookAgain } from "./mirror.ts";
import type { PaywallUserState } from "./types.ts";

/** What the modal shows right now; the closed snapshot without a paywall and on the server. */
export const usePaywallState: () => PaywallStateSnapshot = createMirror<PaywallStateSnapshot>(
  { open: false, view: null, error: null, processing: false },
  [],
  (paywall) => paywall.getState(),
);

/** True where a paywall can be used: never on the server, nor while hydrating what the server wrote. */
export const useReady: () => boolean = createMirror<boolean>(false, [], () => true);

const nobody = (status: "loading" | "guest"): PaywallUserState => ({ status, user: null, session: null });

/** Whether the stored session has been read; until then nobody must be shown as signed out. */
const settled = new WeakMap<PaywallUI, boolean>();

/**
 * Who is here. With sign-in, a session makes somebody `signed_in` (a guest session as well) and `user` follows
 * when it has loaded; without, an identity whose user is known does.
 */
export const usePaywallUser: () => PaywallUserState = createMirror<PaywallUserState>(
  nobody("loading"),
  ["userChange", "authChange"],
  (paywall) => {
    const { billing } = paywall;
    const auth = paywall.auth ?? billing.auth;
    const user = billing.getCachedUser();
    const session = auth?.getCachedSession() ?? null;
    // Taking the identity away leaves the empty user of a guest behind, who is not signed in.
    if (auth ? session : user && billing.getIdentity()) return { status: "signed_in", user, session };
    if (auth && !settled.has(paywall)) {
      settled.set(paywall, !auth.ready);
      void auth.ready?.().then(() => {
        settled.set(paywall, true);
        lookAgain();
      });
    }
    return nobody(settled.get(paywall) === false ? "loading" : "guest");
  },
);

/** Every offer that the server sent for this visitor, expired or not; null until they are known. */
export const usePaywallOffers: () => PaywallOffer[] | null = createMirror<PaywallOffer[] | null>(
  null,
  ["ready"],
  (paywall) => paywall.getCachedOffers(),
);

/** The free period as the last gate or access check saw it; using this hook checks nothing. */
export const usePaywallTrial: () => TrialStatus | null = createMirror<TrialStatus | null>(
  null,
  ["trial_blocked", "trial_expired"],
  (paywall) => paywall.getTrialStatus(),
);

/** Targeting as the last gate or access check saw it; using this hook checks nothing. */
export const usePaywallVisibility: () => VisibilityStatus | null = createMirror<VisibilityStatus | null>(
  null,
  ["ready", "visibility_blocked"],
  (paywall) => paywall.getVisibility(),
);
