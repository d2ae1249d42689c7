import { sql } from "../../platform/database/index.ts";
import { parseMajor } from "../../platform/money.ts";
import { type DiscountCodeDraft, saveDiscountCode } from "../growth/index.ts";
import type { Writing } from "./apply-setup.ts";

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** All products and options are there by now. */
export async function writeDiscountCode({ tx, deps, tenantId, now, change }: Writing): Promise<void> {
  const { percent, amount, products, options, validFrom, validTo, ...v } = change.values as Omit<
    DiscountCodeDraft,
    "percentBp" | "amountMinor" | "productIds" | "optionKeys" | "validFromAt" | "validToAt"
  > & {
    percent: number | null;
    amount: string | null;
    products: string[];
    options: string[];
    validFrom: string | null;
    validTo: string | null;
  };
  const rows = await tx.query<{ id: string }>(
    sql`select id from products where tenant_id = ${tenantId} and sku = any (${products}) order by sku`,
  );
  await saveDiscountCode(tx, deps, {
    tenantId,
    draft: {
      ...v,
      percentBp: percent === null ? null : Math.round(percent * 100),
      amountMinor: amount === null || v.currency === null ? null : parseMajor(amount, v.currency),
      productIds: rows.map(({ id }) => id),
      optionKeys: options,
      validFromAt: instantOf(validFrom),
      validToAt: instantOf(validTo),
    },
    now,
  });
}
