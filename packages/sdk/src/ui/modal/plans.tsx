import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LayoutBlock } from "../../core/index.ts";
import { Countdown, timedOffer } from "./blocks/offer-banner.tsx";
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

/** The merchant's blocks: what sells scrolls, the button and everything after it stays in reach. */
export function Plans({ state, view }: ViewProps) {
  const bootstrap = state.bootstrap!;
  const now = useNow(!!timedOffer(bootstrap));
  const blocks = withTitle(bootstrap.layout?.blocks ?? [], state.title);
  const context: BlockContext = {
    bootstrap,
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
    titleId: "pw-title",
  };
  const split = blocks.findIndex(({ type }) => type === "cta_button");
  const named = blocks.some(({ type }) => type === "heading");
  const draw = (block: LayoutBlock, index: number): ComponentChild => {
    const Block = blockRegistry[block.type];
    if (!Block) {
      console.warn(`[tollgate] unknown block type "${(block as LayoutBlock).type}" was skipped`);
      return null;
    }
    const first = blocks.findIndex(({ type }) => type === "heading") === index;
    return <Block key={index} block={block} ctx={first ? context : { ...context, titleId: undefined }} />;
  };
  const drawn = blocks.map(draw);
  return (
    <div class="plans">
      <Countdown bootstrap={bootstrap} ctx={context} />
      <div class="scroll">
        {!named && (
          <h2 id="pw-title" class="sr">
            {bootstrap.settings.name || view.translate("pricing.plans_aria")}
          </h2>
        )}
        {split < 0 ? drawn : drawn.slice(0, split)}
      </div>
      {split >= 0 && <div class="footer">{drawn.slice(split)}</div>}
    </div>
  );
}

/** Gives this open a heading of its own: the leading first-level one is reworded, or one is put on top. */
function withTitle(blocks: LayoutBlock[], title: string | null): LayoutBlock[] {
  if (!title) return blocks;
  const [first, ...rest] = blocks;
  const heading: LayoutBlock = { type: "heading", text: title, level: 1 };
  return first?.type === "heading" && (first.level ?? 1) === 1 ? [heading, ...rest] : [heading, ...blocks];
}
