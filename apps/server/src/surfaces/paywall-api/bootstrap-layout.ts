import type { QueryType } from "../../domains/credits/index.ts";
import type { StoredBlock, StoredLayout } from "../../domains/paywalls/index.ts";

/** The block types that every 3.x client knows. Others would only make it log a warning. */
const KNOWN = new Set([
  "heading",
  "text",
  "price_grid",
  "cta_button",
  "current_session",
  "auth_panel",
  "features_list",
  "tokenization_gate",
  "guarantee_badge",
  "offer_banner",
]);

/** Views of earlier editors, by the names under which clients know them. */
const LEGACY_VIEWS: Record<string, string> = { telegram: "compact", row: "horizontal" };
const VIEWS = new Set(["vertical", "compact", "horizontal"]);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const gateOf = (queries: readonly QueryType[]) =>
  queries.map(({ type, name, desc, monthly }) => ({
    id: type,
    name: name ?? type,
    desc: desc ?? "",
    count: monthly ?? 0,
  }));

function renderBlock(block: StoredBlock, { providers, queries }: LayoutContext): StoredBlock {
  switch (block.type) {
    case "price_grid": {
      const { view, ...rest } = block;
      const known = LEGACY_VIEWS[String(view)] ?? view;
      return VIEWS.has(String(known)) ? { ...rest, view: known } : rest;
    }
    // Clients walk these two lists without looking whether they are there.
    case "features_list":
      return { ...block, items: listOf(block.items).slice(0, 5) };
    case "tokenization_gate":
      // What the paywall counts, unless its editor says it in words of their own.
      return { ...block, queries: listOf(block.queries).length > 0 ? block.queries : gateOf(queries) };
    // A button that leads nowhere is worse than none.
    case "auth_panel":
      return Array.isArray(block.providers)
        ? { ...block, providers: block.providers.filter((it) => providers.includes(String(it))) }
        : block;
    default:
      return block;
  }
}

/** Which sign-in providers work on the paywall, and what it counts. */
export type LayoutContext = { providers: readonly string[]; queries: readonly QueryType[] };

/** A stored layout as clients may read it (paywall API §3.6). */
export const renderLayout = (layout: StoredLayout, context: LayoutContext): StoredLayout => ({
  type: "modal",
  blocks: layout.blocks.filter((block) => KNOWN.has(block.type)).map((block) => renderBlock(block, context)),
});
