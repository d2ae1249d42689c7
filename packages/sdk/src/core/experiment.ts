import { parseRecord, readItem, STORAGE_KEYS, writeItem } from "./storage.ts";
import type {
  ExperimentAssignment,
  PaywallBootstrap,
  PaywallExperiment,
  PaywallPrice,
  StorageAdapter,
} from "./types.ts";

/** FNV-1a over UTF-16 code units, 32 bits, unsigned. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The visitor's variant, the same on every device that carries the id; null when no variant has weight. */
export function pickVariant(experiment: PaywallExperiment, visitorId: string): string | null {
  const variants = experiment.variants ?? [];
  const weights = variants.map(({ weight }) => Math.max(weight || 0, 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!total) return null;
  let bucket = fnv1a(`${visitorId}:${experiment.id}`) % total;
  for (const [index, variant] of variants.entries()) {
    bucket -= weights[index]!;
    if (bucket < 0) return variant.key;
  }
  return null;
}

/** Keeps a visitor in the variant first drawn, however weights change later, until the experiment's id does. */
export async function resolveExperimentAssignment(
  storage: StorageAdapter,
  paywallId: string,
  experiment: PaywallExperiment | null | undefined,
  getVisitorId: () => Promise<string>,
): Promise<ExperimentAssignment | null> {
  if (!experiment) return null;
  const storageKey = STORAGE_KEYS.experiment(paywallId);
  const stored = parseRecord<ExperimentAssignment>(await readItem(storage, storageKey));
  const experimentId = experiment.id;
  if (stored?.experimentId === experimentId && experiment.variants?.some(({ key }) => key === stored.variant))
    return { experimentId, variant: stored.variant! };
  const variant = pickVariant(experiment, await getVisitorId());
  if (variant === null) return null;
  await writeItem(storage, storageKey, JSON.stringify({ experimentId, variant, at: Date.now() }));
  return { experimentId, variant };
}

/** Stamps the variant on the bootstrap and swaps its prices in, in place. Applying it twice changes nothing. */
export function applyExperimentAssignment(
  bootstrap: PaywallBootstrap,
  assignment: ExperimentAssignment | null,
): void {
  const experiment = bootstrap.experiment;
  if (!experiment || !assignment || experiment.id !== assignment.experimentId) return;
  experiment.assigned_variant = assignment.variant;
  const variant = experiment.variants.find(({ key }) => key === assignment.variant);
  if (experiment.kind !== "prices" || !variant?.prices?.length) return;

  const replacements = new Map<string, PaywallPrice>();
  for (const { replaces, ...price } of variant.prices)
    if (replaces != null) replacements.set(String(replaces), price);
  const swap = <I extends string | null | undefined>(id: I): I =>
    (replacements.get(String(id))?.id as I | undefined) ?? id;

  bootstrap.prices = bootstrap.prices.map((price) => replacements.get(String(price.id)) ?? price);
  for (const offer of bootstrap.offers) offer.price_id = swap(offer.price_id);
  for (const block of bootstrap.layout?.blocks ?? []) {
    if (block.type === "price_grid") {
      block.priceIds = block.priceIds?.map(swap);
      block.popular_price_id = swap(block.popular_price_id);
    } else if (block.type === "cta_button") block.priceId = swap(block.priceId);
  }
}
