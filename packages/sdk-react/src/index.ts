export type {
  AnalyticsOptions,
  AuthSession,
  GetAccessOptions,
  Identity,
  OpenOptions,
  PaywallAccessResult,
  PaywallBootstrap,
  PaywallEvent,
  PaywallEventHandler,
  PaywallOffer,
  PaywallPrice,
  PaywallSettings,
  PaywallStateSnapshot,
  PaywallUI,
  PaywallUIOptions,
  PaywallUser,
  ResolvedOffer,
  TrialStatus,
  VisibilityStatus,
} from "@tollgate/sdk";
export { usePaywallAccess } from "./access.ts";
export { PaywallButton, PaywallSupportButton } from "./button.ts";
export { usePaywallEvent } from "./events.ts";
export { PaywallGate } from "./gate.ts";
export { usePaywallOffer } from "./offers.ts";
export { usePaywallPrices } from "./prices.ts";
export { PaywallProvider, usePaywall } from "./provider.ts";
export {
  usePaywallOffers,
  usePaywallState,
  usePaywallTrial,
  usePaywallUser,
  usePaywallVisibility,
} from "./state.ts";
export type {
  BlockedRenderArgs,
  PaywallAccessState,
  PaywallButtonProps,
  PaywallButtonRenderArgs,
  PaywallGateProps,
  PaywallPricesState,
  PaywallProviderProps,
  PaywallSupportButtonProps,
  PaywallUserState,
} from "./types.ts";
