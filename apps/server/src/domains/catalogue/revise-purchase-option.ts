import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { changesTerms, type OptionTerms, type PurchaseOption } from "./purchase-option.ts";
import { lockPurchaseOption } from "./queries.ts";

/** All that a merchant decides about an option. */
export type OptionDraft = OptionTerms &
  Pick<PurchaseOption, "key" | "local" | "trialDays" | "label" | "description" | "sort">;

const creditsOf = ({ credits }: OptionDraft): string | null => (credits ? json(credits) : null);

/** Adds an option to the catalogue. Its key must be free. A successor is as much the apply file's as what it succeeds. */
export async function createPurchaseOption(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: {
    tenantId: string;
    draft: OptionDraft;
    supersedesId?: string;
    /** What the apply file made, it also takes away. Default true. */
    fromFile?: boolean;
    now: Date;
  },
): Promise<string> {
  const { tenantId, draft, now } = input;
  const id = deps.ids.next("purchaseOption");
  await tx.execute(sql`
    insert into purchase_options (id, tenant_id, product_id, paywall_id, key, kind, interval, interval_count, amount_minor,
      currency, local, trial_days, label, description, credits, sort, supersedes_id, replaces_id, from_file, created_at, updated_at)
    values (${id}, ${tenantId}, ${draft.productId}, ${draft.paywallId}, ${draft.key}, ${draft.kind}, ${draft.interval},
      ${draft.intervalCount}, ${draft.amountMinor}, ${draft.currency}, ${json(draft.local)}, ${draft.trialDays},
      ${draft.label}, ${draft.description}, ${creditsOf(draft)}::jsonb, ${draft.sort}, ${input.supersedesId ?? null}, ${draft.replacesId},
      coalesce((select from_file from purchase_options where id = ${input.supersedesId ?? null}), ${input.fromFile ?? true}),
      ${now}, ${now})`);
  return id;
}

/**
 * Changes an option. Texts, trial and local prices change in place; so do the terms while nobody has bought
 * them. Once a contract refers to the option its terms are frozen: a successor with a new id takes over, and
 * the old id leads to it for a day (paywall API §2, product spec §2.2).
 */
export async function revisePurchaseOption(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; optionId: string; draft: OptionDraft; now: Date },
): Promise<{ outcome: "updated" | "superseded"; optionId: string }> {
  const { tenantId, optionId, draft, now } = input;
  // The lock holds off a contract that is being made with this option: its foreign key waits for us.
  const option = await lockPurchaseOption(tx, tenantId, optionId);
  if (changesTerms(option, draft) && (await isSold(tx, optionId))) {
    await tx.execute(sql`
      update purchase_options set state = 'superseded', superseded_at = ${now}, updated_at = ${now},
        row_version = row_version + 1
      where id = ${optionId}`);
    const successor = await createPurchaseOption(tx, deps, { tenantId, draft, supersedesId: optionId, now });
    // A variant's price follows the control option that it stands for.
    await tx.execute(
      sql`update purchase_options set replaces_id = ${successor} where replaces_id = ${optionId} and state = 'active'`,
    );
    return { outcome: "superseded", optionId: successor };
  }
  await tx.execute(sql`
    update purchase_options set product_id = ${draft.productId}, paywall_id = ${draft.paywallId}, key = ${draft.key},
      kind = ${draft.kind}, interval = ${draft.interval}, interval_count = ${draft.intervalCount},
      amount_minor = ${draft.amountMinor}, currency = ${draft.currency}, local = ${json(draft.local)},
      trial_days = ${draft.trialDays}, label = ${draft.label}, description = ${draft.description},
      credits = ${creditsOf(draft)}::jsonb, sort = ${draft.sort},
      replaces_id = ${draft.replacesId}, state = 'active', updated_at = ${now}, row_version = row_version + 1
    where id = ${optionId}`);
  return { outcome: "updated", optionId };
}

/** Takes an option off the shelf. Running contracts keep their terms. */
export async function archivePurchaseOption(
  tx: Tx,
  tenantId: string,
  optionId: string,
  now: Date,
): Promise<void> {
  await tx.execute(sql`
    update purchase_options set state = 'archived', updated_at = ${now}, row_version = row_version + 1
    where tenant_id = ${tenantId} and id = ${optionId}`);
}

const isSold = async (tx: Tx, optionId: string): Promise<boolean> =>
  (
    await tx.one<{ sold: boolean }>(
      sql`select exists (select 1 from contracts where option_id = ${optionId}) sold`,
    )
  ).sold;
