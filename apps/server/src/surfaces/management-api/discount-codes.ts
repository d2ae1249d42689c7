import * as wire from "@tollgate/protocol/management-api/discount-codes";
import type { z } from "zod";
import { listProducts, type Product } from "../../domains/catalogue/index.ts";
import {
  countRedemptions,
  createDiscountCode,
  type DiscountCode,
  type DiscountCodeDraft,
  findDiscountCodeById,
  listDiscountCodes,
  updateDiscountCode,
} from "../../domains/growth/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { isUniqueViolation, type Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { parseMajor, toMajor } from "../../platform/money.ts";
import { invalid } from "../publisher-api/errors.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { pageOf } from "./paging.ts";

type Changes = z.output<(typeof wire.updateDiscountCode)["request"]["body"]>;

const EMPTY: DiscountCodeDraft = {
  code: "",
  name: "",
  description: null,
  percentBp: null,
  amountMinor: null,
  currency: null,
  duration: "once",
  cycles: null,
  validFromAt: null,
  validToAt: null,
  maxRedemptions: null,
  maxPerCustomer: null,
  productIds: [],
  optionKeys: [],
  status: "ACTIVE",
};

/** Discounts that are typed in. */
export function discountCodeOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 403 for another vendor's code, 404 for none */
  const named = async (q: Queryable, tenant: Tenant, id: string): Promise<DiscountCode> => {
    const found = await findDiscountCodeById(q, tenant.id, id);
    if (!found) throw await missing(q, tenant, "discountCode", id);
    return found;
  };
  const shown = async (tenant: Tenant, codes: DiscountCode[]) => {
    const [products, used] = [await listProducts(db, tenant.id), await countRedemptions(db, tenant.id)];
    return codes.map((code) => toWire(code, products, used.get(code.id) ?? 0));
  };
  const shownOne = async (tenant: Tenant, id: string) =>
    (await shown(tenant, [await named(db, tenant, id)]))[0];
  const change = (tenant: Tenant, id: string, body: Changes, now: Date) =>
    db.transaction(async (tx) => {
      const draft = changed(await named(tx, tenant, id), body, await listProducts(tx, tenant.id));
      try {
        await updateDiscountCode(tx, { tenantId: tenant.id, id, draft, now });
      } catch (error) {
        if (!isUniqueViolation(error, "discount_codes_code")) throw error;
        throw new AppError("discount_code_taken", 409, `There is a discount code ${draft.code} already.`);
      }
    });

  operations
    .on(wire.listDiscountCodes, async ({ tenant, query, page }) => {
      const all = await listDiscountCodes(db, tenant.id);
      const found = pageOf(
        all.filter(({ status }) => query.status === undefined || status === query.status),
        page,
      );
      return { ...found, items: await shown(tenant, found.items) };
    })
    .on(wire.createDiscountCode, async ({ tenant, now, body }) => {
      const id = await db.transaction(async (tx) => {
        const draft = changed({ ...EMPTY, name: body.code }, body, await listProducts(tx, tenant.id));
        return createDiscountCode(tx, deps, { tenantId: tenant.id, draft, now });
      });
      return shownOne(tenant, id);
    })
    .on(wire.getDiscountCode, ({ tenant, params }) => shownOne(tenant, params.id))
    .on(wire.updateDiscountCode, async ({ tenant, now, params, body }) => {
      await change(tenant, params.id, body, now);
      return shownOne(tenant, params.id);
    })
    .on(wire.deleteDiscountCode, async ({ tenant, now, params }) => {
      await change(tenant, params.id, { status: "DISABLED" }, now);
      return null;
    });
}

const instantOf = (sent: string | null | undefined, was: Date | null): Date | null =>
  sent === undefined ? was : sent === null ? null : new Date(sent);

/** The code with what was sent. @throws 400 for what contradicts itself */
function changed(before: DiscountCodeDraft, body: Changes, products: readonly Product[]): DiscountCodeDraft {
  const or = <T>(sent: T | undefined, was: T): T => (sent === undefined ? was : sent);
  const currency = or(body.currency, before.currency);
  const percentBp = body.percentOff == null ? null : Math.round(body.percentOff * 100);
  const amountMinor =
    body.amountOff == null ? null : parseMajor(body.amountOff, currency ?? refuse("currency", "is needed"));
  // One takes the place of the other, unless both are sent.
  const discount =
    body.percentOff === undefined && body.amountOff === undefined
      ? { percentBp: before.percentBp, amountMinor: before.amountMinor }
      : { percentBp, amountMinor };
  if ((discount.percentBp === null) === (discount.amountMinor === null)) {
    refuse("percentOff", "or amountOff must be given, and not both");
  }
  if (discount.amountMinor === 0) refuse("amountOff", "must be more than nothing");
  const duration = body.duration ?? before.duration;
  const cycles = duration === "repeating" ? or(body.cycles, before.cycles) : null;
  if (duration === "repeating" && cycles === null) refuse("cycles", "is needed for a repeating code");
  const validFromAt = instantOf(body.validFrom, before.validFromAt);
  const validToAt = instantOf(body.validTo, before.validToAt);
  if (validFromAt && validToAt && validToAt <= validFromAt) refuse("validTo", "must be after validFrom");
  const productIds = body.skus?.map(
    (sku) => products.find((it) => it.sku === sku)?.id ?? refuse("skus", `names ${sku}, which there is not`),
  );
  return {
    code: body.code ?? before.code,
    name: body.name ?? before.name,
    description: or(body.description, before.description) || null,
    ...discount,
    currency: discount.amountMinor === null ? null : currency,
    duration,
    cycles,
    validFromAt,
    validToAt,
    maxRedemptions: or(body.maxRedemptions, before.maxRedemptions),
    maxPerCustomer: or(body.maxPerCustomer, before.maxPerCustomer),
    productIds: productIds ?? before.productIds,
    optionKeys: body.optionKeys ?? before.optionKeys,
    status: body.status ?? before.status,
  };
}

function refuse(field: string, why: string): never {
  throw invalid(`${field} ${why}.`, field);
}

function toWire(code: DiscountCode, products: readonly Product[], redemptions: number) {
  const { amountMinor, currency } = code;
  const optional = {
    description: code.description,
    percentOff: code.percentBp === null ? null : code.percentBp / 100,
    amountOff: amountMinor === null || currency === null ? null : toMajor(amountMinor, currency),
    currency,
    cycles: code.cycles,
    validFrom: code.validFromAt?.toISOString(),
    validTo: code.validToAt?.toISOString(),
    maxRedemptions: code.maxRedemptions,
    maxPerCustomer: code.maxPerCustomer,
  };
  return {
    id: code.id,
    code: code.code,
    name: code.name,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value != null)),
    duration: code.duration,
    skus: products.filter(({ id }) => code.productIds.includes(id)).map(({ sku }) => sku),
    optionKeys: code.optionKeys,
    status: code.status,
    redemptions,
    createdAt: code.createdAt.toISOString(),
    updatedAt: code.updatedAt.toISOString(),
  };
}
