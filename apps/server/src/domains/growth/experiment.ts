import type { Queryable } from "../../platform/database/index.ts";
import { listAllPurchaseOptions, type PurchaseOption } from "../catalogue/index.ts";
import { findRunningExperiment } from "./queries.ts";

/** As stored: variants in the order that assignment walks, with the options that each one shows. */
export type ExperimentRow = {
  id: string;
  kind: string;
  variants: { key: string; weight: number; optionIds: string[] }[];
};

export type VariantOption = { option: PurchaseOption; replacesId: string };

export type RunningExperiment = {
  id: string;
  kind: string;
  /** In stable order: clients assign by walking it. */
  variants: { key: string; weight: number; options: VariantOption[] }[];
};

/** Puts the living options into a stored experiment; an option that is gone drops out of its variant. */
export function withOptions(row: ExperimentRow, all: PurchaseOption[]): RunningExperiment {
  const keyById = new Map(all.map((option) => [option.id, option.key]));
  const living = new Map(
    all.filter((option) => option.state === "active").map((option) => [option.key, option]),
  );
  return {
    id: row.id,
    kind: row.kind,
    variants: row.variants.map(({ key, weight, optionIds }) => ({
      key,
      weight,
      options: optionIds.flatMap((id) => {
        const option = living.get(keyById.get(id) ?? "");
        return option?.replacesId ? [{ option, replacesId: option.replacesId }] : [];
      }),
    })),
  };
}

/** The one price experiment that runs on a paywall, or null. */
export async function runningExperiment(q: Queryable, paywallId: string): Promise<RunningExperiment | null> {
  const row = await findRunningExperiment(q, paywallId);
  return row && withOptions(row, await listAllPurchaseOptions(q, paywallId));
}
