import type { PurchaseOption } from "../catalogue/index.ts";

/** A block as published. Field names are the block contract's; prices are named by their num as text. */
export type StoredBlock = { type: string; [field: string]: unknown };

export type StoredLayout = { type: "modal"; blocks: StoredBlock[] };

export type StoredLocale = {
  layout?: StoredLayout;
  /** By num. A present key overwrites, null clears. */
  prices?: Record<string, { label?: string | null; description?: string | null }>;
};

/** What one version of a paywall says: immutable once published. */
export type PaywallBody = { layout?: StoredLayout; locales?: Record<string, StoredLocale> };

/** How one name of a thing becomes another; null drops the reference. */
type Rename = (ref: string) => string | null;

/** Where a body names purchase options and offers. */
const REFERENCES = { popular_price_id: "option", priceId: "option", offer_id: "offer" } as const;

export type Renaming = { option: Rename; offer: Rename };

function renameBlock(block: StoredBlock, renaming: Renaming): StoredBlock {
  const renamed = { ...block };
  if (Array.isArray(block.priceIds)) {
    renamed.priceIds = block.priceIds.flatMap((ref) => renaming.option(String(ref)) ?? []);
  }
  for (const [field, kind] of Object.entries(REFERENCES)) {
    const ref = block[field];
    if (typeof ref !== "string") continue;
    const name = renaming[kind](ref);
    if (name === null) delete renamed[field];
    else renamed[field] = name;
  }
  return renamed;
}

const renameLayout = (layout: StoredLayout, renaming: Renaming): StoredLayout => ({
  ...layout,
  blocks: layout.blocks.map((block) => renameBlock(block, renaming)),
});

/** The same body with its options and offers named anew. References to what has no new name go. */
export function renameReferences(body: PaywallBody, renaming: Renaming): PaywallBody {
  const renamed: PaywallBody = {};
  if (body.layout) renamed.layout = renameLayout(body.layout, renaming);
  if (body.locales) {
    renamed.locales = Object.fromEntries(
      Object.entries(body.locales).map(([tag, locale]) => {
        const next: StoredLocale = {};
        if (locale.layout) next.layout = renameLayout(locale.layout, renaming);
        if (locale.prices) {
          next.prices = Object.fromEntries(
            Object.entries(locale.prices).flatMap(([ref, texts]) => {
              const name = renaming.option(ref);
              return name === null ? [] : [[name, texts] as const];
            }),
          );
        }
        return [tag, next];
      }),
    );
  }
  return renamed;
}

/**
 * Leads every num that a paywall ever used to the num that sells now under the same key: a version that was
 * published before a price changed keeps working without being published again.
 */
export function livingNums(all: Pick<PurchaseOption, "num" | "key" | "state">[]): Rename {
  const keyByNum = new Map(all.map((option) => [String(option.num), option.key]));
  const numByKey = new Map(
    all.flatMap((option) => (option.state === "active" ? [[option.key, String(option.num)] as const] : [])),
  );
  return (ref) => numByKey.get(keyByNum.get(ref) ?? "") ?? null;
}
