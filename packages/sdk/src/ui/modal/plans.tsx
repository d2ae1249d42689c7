import { Component, type ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { LayoutBlock } from "../../core/index.ts";
import { Countdown, startOffers } from "./blocks/offer-banner.tsx";
import { type BlockContext, blockRegistry } from "./blocks/registry.tsx";
import type { ViewProps } from "./modal.tsx";

/** Seconds matter only while something counts down. */
function useNow(active: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

const SELLING = ["price_grid", "offer_banner", "cta_button", "auth_panel"];

export interface SplitLayout {
  /** A banner that comes first: the lid of the card, which never scrolls away. */
  lid: LayoutBlock[];
  /** What explains the product: everything before the first block that sells. */
  pitch: LayoutBlock[];
  /** What is chosen from. */
  deal: LayoutBlock[];
  /** The button and everything after it, always in reach. */
  footer: LayoutBlock[];
}

/** Sorts the merchant's blocks by where they may stand; their order never changes. */
export function splitLayout({ bootstrap, title }: ViewProps["state"]): SplitLayout {
  const all = bootstrap?.layout?.blocks ?? [];
  const lid = all[0]?.type === "offer_banner" ? 1 : 0;
  const blocks = withTitle(all.slice(lid), title);
  const first = (found: number) => (found < 0 ? blocks.length : found);
  const sells = first(blocks.findIndex(({ type }) => SELLING.includes(type)));
  const button = first(blocks.findIndex(({ type }) => type === "cta_button"));
  return {
    lid: all.slice(0, lid),
    pitch: blocks.slice(0, sells),
    deal: blocks.slice(sells, button),
    footer: blocks.slice(button),
  };
}

/** Enough to say that it deserves a column of its own where there is room for one. */
export const hasLongPitch = ({ pitch }: SplitLayout): boolean =>
  pitch.some(({ type }) => type === "features_list" || type === "tokenization_gate");

/** Gives this open a heading of its own: the leading first-level one is reworded, or one is put on top. */
function withTitle(blocks: LayoutBlock[], title: string | null): LayoutBlock[] {
  if (!title) return blocks;
  const [first, ...rest] = blocks;
  const heading: LayoutBlock = { type: "heading", text: title, level: 1 };
  return first?.type === "heading" && (first.level ?? 1) === 1 ? [heading, ...rest] : [heading, ...blocks];
}

function contextOf({ state, view }: ViewProps, now: number): BlockContext {
  return {
    // Who the person is may have become known since the plans were loaded, and with it whether a trial is left.
    bootstrap: { ...state.bootstrap!, user: view.billing.getCachedUser() ?? state.bootstrap!.user },
    selectedPriceId: state.selectedPriceId,
    setSelectedPriceId: view.select,
    onAction(action, payload) {
      if (action === "checkout") view.buy(payload ?? null);
      else if (action === "close") view.close();
      else if (action === "restore") view.restore();
      else if (action === "support") view.support();
      else if (payload) view.select(payload);
    },
    auth: view.auth,
    authSession: state.session,
    t: view.translate,
    locale: view.language(),
    busy: state.busy,
    notice: state.notice && view.translate(state.notice),
    now,
  };
}

/** A block that cannot be drawn, for what it was given or because it is a host's own, is left out; the others stay. */
class Fence extends Component<{ children: ComponentChildren }> {
  override state = { broken: false };
  override componentDidCatch(error: unknown) {
    console.error("[tollgate] a block could not be drawn", error);
    this.setState({ broken: true });
  }
  render() {
    return this.state.broken ? null : this.props.children;
  }
}

function Blocks({ blocks, ctx, named }: { blocks: LayoutBlock[]; ctx: BlockContext; named?: boolean }) {
  const title = named ? blocks.findIndex(({ type }) => type === "heading") : -1;
  return blocks.map((block, index) => {
    const Block = Object.hasOwn(blockRegistry, block.type) && blockRegistry[block.type];
    if (Block)
      return (
        <Fence key={index}>
          <Block block={block} ctx={index === title ? { ...ctx, titleId: "pw-title" } : ctx} />
        </Fence>
      );
    console.warn(`[tollgate] unknown block type "${(block as LayoutBlock).type}" was skipped`);
    return null;
  });
}

/** The left column on a wide screen. It stays while the right one changes, and names only the plans. */
export function Pitch(props: ViewProps & { named: boolean }) {
  const ctx = contextOf(props, 0);
  return (
    <aside class="pitch">
      <Blocks blocks={splitLayout(props.state).pitch} ctx={ctx} named={props.named} />
    </aside>
  );
}

/** The merchant's blocks: what sells scrolls, the button and everything after it stays in reach. */
export function Plans({ pitched, ...props }: ViewProps & { pitched: boolean }) {
  const bootstrap = props.state.bootstrap!;
  useMemo(() => startOffers(bootstrap), [bootstrap]);
  const timed = bootstrap.offers.some((offer) => offer.expires_at || offer.duration_minutes);
  const ctx = contextOf(props, useNow(timed));
  const { lid, pitch, deal, footer } = splitLayout(props.state);
  const body = pitched ? deal : [...pitch, ...deal];
  const isHeading = ({ type }: LayoutBlock) => type === "heading";
  const elsewhere = pitched && pitch.some(isHeading);
  const named = elsewhere || body.some(isHeading);
  return (
    <div class="plans">
      <Countdown bootstrap={bootstrap} ctx={ctx} />
      <Blocks blocks={lid} ctx={ctx} />
      <div class="scroll">
        {!named && (
          <h2 id="pw-title" class="sr">
            {bootstrap.settings.name || ctx.t("pricing.plans_aria")}
          </h2>
        )}
        <Blocks blocks={body} ctx={ctx} named={!elsewhere} />
      </div>
      {!!footer.length && (
        <div class="footer">
          <Blocks blocks={footer} ctx={ctx} />
        </div>
      )}
    </div>
  );
}
