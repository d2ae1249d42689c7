import { type Queryable, type Statement, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { DiscountCode, DiscountCodeDraft } from "./discount-code.ts";

const CODE: Statement = {
  text: `id, tenant_id "tenantId", code, name, description, percent_bp "percentBp", amount_minor "amountMinor", currency,
    duration, cycles, valid_from_at "validFromAt", valid_to_at "validToAt", max_redemptions "maxRedemptions",
    max_per_customer "maxPerCustomer", product_ids "productIds", option_keys "optionKeys", status,
    created_at "createdAt", updated_at "updatedAt"`,
  values: [],
  name: undefined,
};

/** A tenant's code, however it is spelled, in whatever state; null when there is none. */
export const findDiscountCode = (
  q: Queryable,
  tenantId: string,
  text: string,
): Promise<DiscountCode | null> =>
  q.maybeOne<DiscountCode>(
    sql`select ${CODE} from discount_codes where tenant_id = ${tenantId} and lower(code) = lower(${text.trim()})`,
  );

export const findDiscountCodeById = (
  q: Queryable,
  tenantId: string,
  id: string,
): Promise<DiscountCode | null> =>
  q.maybeOne<DiscountCode>(
    sql`select ${CODE} from discount_codes where tenant_id = ${tenantId} and id = ${id}`,
  );

/** A code that is there, locked against every other use of it until the transaction ends. */
export const lockDiscountCode = (tx: Tx, tenantId: string, id: string): Promise<DiscountCode> =>
  tx.one<DiscountCode>(
    sql`select ${CODE} from discount_codes where tenant_id = ${tenantId} and id = ${id} for update`,
  );

/** All codes of a tenant, newest first. */
export const listDiscountCodes = (q: Queryable, tenantId: string): Promise<DiscountCode[]> =>
  q.query<DiscountCode>(
    sql`select ${CODE} from discount_codes where tenant_id = ${tenantId} order by created_at desc, id desc`,
  );

/** How often each code was used for a sale, by its id; codes that never were are missing. */
export async function countRedemptions(q: Queryable, tenantId: string): Promise<Map<string, number>> {
  const rows = await q.query<{ id: string; count: number }>(sql`
    select code_id id, count(*)::int count from discount_redemptions
    where tenant_id = ${tenantId} and redeemed_at is not null group by code_id`);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

type Save = { tenantId: string; draft: DiscountCodeDraft; now: Date };

/** Adds a code. @throws `discount_code_taken` (409) when the tenant has one that is spelled alike. */
export async function createDiscountCode(tx: Tx, deps: Pick<Deps, "ids">, input: Save): Promise<string> {
  const id = await insert(tx, deps, input, false);
  if (!id)
    throw new AppError("discount_code_taken", 409, `There is a discount code ${input.draft.code} already.`);
  return id;
}

/** Makes the code as the apply file has it, whoever made it. Idempotent. */
export async function saveDiscountCode(tx: Tx, deps: Pick<Deps, "ids">, input: Save): Promise<void> {
  if (await insert(tx, deps, input, true)) return;
  const { id } = await tx.one<{ id: string }>(sql`
    update discount_codes set from_file = true
    where tenant_id = ${input.tenantId} and lower(code) = lower(${input.draft.code}) returning id`);
  await updateDiscountCode(tx, { ...input, id });
}

/** Gives a code new values; what it has done already stays as it was agreed. @returns whether there is such a code. */
export async function updateDiscountCode(tx: Tx, input: Save & { id: string }): Promise<boolean> {
  const { draft: d, now } = input;
  return (
    (await tx.execute(sql`
      update discount_codes set code = ${d.code}, name = ${d.name}, description = ${d.description},
        percent_bp = ${d.percentBp}, amount_minor = ${d.amountMinor}, currency = ${d.currency}, duration = ${d.duration},
        cycles = ${d.cycles}, valid_from_at = ${d.validFromAt}, valid_to_at = ${d.validToAt},
        max_redemptions = ${d.maxRedemptions}, max_per_customer = ${d.maxPerCustomer}, product_ids = ${d.productIds},
        option_keys = ${d.optionKeys}, status = ${d.status}, updated_at = ${now}
      where tenant_id = ${input.tenantId} and id = ${input.id}`)) === 1
  );
}

async function insert(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  { tenantId, draft: d, now }: Save,
  fromFile: boolean,
): Promise<string | null> {
  const row = await tx.maybeOne<{ id: string }>(sql`
    insert into discount_codes (id, tenant_id, code, name, description, percent_bp, amount_minor, currency, duration, cycles,
      valid_from_at, valid_to_at, max_redemptions, max_per_customer, product_ids, option_keys, status, from_file,
      created_at, updated_at)
    values (${deps.ids.next("discountCode")}, ${tenantId}, ${d.code}, ${d.name}, ${d.description}, ${d.percentBp},
      ${d.amountMinor}, ${d.currency}, ${d.duration}, ${d.cycles}, ${d.validFromAt}, ${d.validToAt}, ${d.maxRedemptions},
      ${d.maxPerCustomer}, ${d.productIds}, ${d.optionKeys}, ${d.status}, ${fromFile}, ${now}, ${now})
    on conflict (tenant_id, lower(code)) do nothing returning id`);
  return row?.id ?? null;
}
