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

/** Where a body names purchase options, and how one name becomes another; null drops the reference. */
type Rename = (ref: string) => string | null;

function renameBlock(block: StoredBlock, rename: Rename): StoredBlock {
  const renamed = { ...block };
  if (Array.isArray(block.priceIds)) {
    renamed.priceIds = block.priceIds.flatMap((ref) => rename(String(ref)) ?? []);
  }
  for (const field of ["popular_price_id", "priceId"]) {
    if (typeof block[field] !== "string") continue;
    const name = rename(block[field]);
    if (name === null) delete renamed[field];
    else renamed[field] = name;
  }
  return renamed;
}

const renameLayout = (layout: StoredLayout, rename: Rename): StoredLayout => ({
  ...layout,
  blocks: layout.blocks.map((block) => renameBlock(block, rename)),
});

/** The same body with every purchase option named anew. References to options that have no new name go. */
export function renameOptions(body: PaywallBody, rename: Rename): PaywallBody {
  const renamed: PaywallBody = {};
  if (body.layout) renamed.layout = renameLayout(body.layout, rename);
  if (body.locales) {
    renamed.locales = Object.fromEntries(
      Object.entries(body.locales).map(([tag, locale]) => {
        const next: StoredLocale = {};
        if (locale.layout) next.layout = renameLayout(locale.layout, rename);
        if (locale.prices) {
          next.prices = Object.fromEntries(
            Object.entries(locale.prices).flatMap(([ref, texts]) => {
              const name = rename(ref);
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
