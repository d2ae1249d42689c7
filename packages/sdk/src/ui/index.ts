export {
  type BlockAction,
  type BlockComponent,
  type BlockContext,
  type BlockProps,
  blockRegistry,
} from "./modal/blocks/registry.tsx";
export { PaywallUI } from "./paywall-ui.ts";
export type {
  AnalyticsOptions,
  GetAccessOptions,
  OpenOptions,
  PaywallAccessResult,
  PaywallEvent,
  PaywallEventHandler,
  PaywallEventPayloads,
  PaywallStateSnapshot,
  PaywallUIOptions,
  PaywallView,
} from "./types.ts";
