import type { ComponentType } from "preact";
import type { AuthClient, AuthSession, LayoutBlock, PaywallBootstrap } from "../../../core/index.ts";
import type { AuthMode } from "../../state.ts";
import type { Translate } from "../../strings/index.ts";
import { AuthPanelBlock } from "./auth-panel-block.tsx";
import { CtaButton } from "./cta-button.tsx";
import { CurrentSession } from "./current-session.tsx";
import { OfferBanner } from "./offer-banner.tsx";
import { PriceGrid } from "./price-grid.tsx";
import { FeaturesList, GuaranteeBadge, Heading, Text, TokenizationGate } from "./text-blocks.tsx";

export type BlockAction = "checkout" | "close" | "price_selected" | "restore" | "support";

/** What every block gets to know and may ask for. */
export interface BlockContext {
  bootstrap: PaywallBootstrap;
  selectedPriceId: string | null;
  setSelectedPriceId: (priceId: string) => void;
  onAction: (action: BlockAction, payload?: string | null) => void;
  auth?: AuthClient;
  authSession: AuthSession | null;
  initialAuthMode?: AuthMode;
  t: Translate;
  locale?: string;
  busy: boolean;
  notice: string | null;
  now: number;
  /** The id the block that names the dialog must carry. */
  titleId?: string;
}

export interface BlockProps<B = LayoutBlock> {
  block: B;
  ctx: BlockContext;
}
export type BlockComponent<B = LayoutBlock> = ComponentType<BlockProps<B>>;

/** Block type to component; a host may add or replace entries before it opens the paywall. */
export const blockRegistry: Record<string, BlockComponent> = {
  heading: Heading as BlockComponent,
  text: Text as BlockComponent,
  price_grid: PriceGrid as BlockComponent,
  cta_button: CtaButton as BlockComponent,
  current_session: CurrentSession as BlockComponent,
  auth_panel: AuthPanelBlock as BlockComponent,
  features_list: FeaturesList as BlockComponent,
  tokenization_gate: TokenizationGate as BlockComponent,
  guarantee_badge: GuaranteeBadge as BlockComponent,
  offer_banner: OfferBanner as BlockComponent,
};
