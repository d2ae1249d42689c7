import * as wire from "@tollgate/protocol/management-api/products";
import type { z } from "zod";
import {
  archivePurchaseOption,
  createPurchaseOption,
  type Interval,
  listOptionsOf,
  type OptionDraft,
  type OptionOfProduct,
  revisePurchaseOption,
} from "../../domains/catalogue/index.ts";
import { findAnyPaywall, ownsPaywall, touchPaywall } from "../../domains/paywalls/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { isUniqueViolation, mapPage, type Queryable, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { parseMajor, toMajor } from "../../platform/money.ts";
import { invalid } from "../publisher-api/errors.ts";
import { missing, sparesLive } from "./missing.ts";
import type { Call, Operations } from "./operations.ts";
import { productNamed } from "./products.ts";

type Changes = Partial<z.output<(typeof wire.updatePurchaseOption)["request"]["body"]>>;

const ALONE = { limit: 1, offset: 0, after: null };

/** The terms on which products are sold. */
export function purchaseOptionOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 403 for another vendor's option, 404 for none */
  const named = async (q: Queryable, tenant: Tenant, id: string): Promise<OptionOfProduct> => {
    const [option] = (await listOptionsOf(q, { tenantId: tenant.id, id }, ALONE)).items;
    if (!option) throw await missing(q, tenant, "purchaseOption", id);
    return option;
  };
  const shown = async (tenant: Tenant, id: string) => toWire(await named(db, tenant, id));
  /** What a paywall sells is part of what it shows. */
  const paywallShows = async (
    tx: Tx,
    { tenant, mode, now }: Pick<Call, "tenant" | "mode" | "now">,
    id: string | null,
  ) => {
    const found = id === null ? null : await findAnyPaywall(tx, id);
    if (!found) return;
    sparesLive(mode, found.paywall.paymentMode);
    await touchPaywall(tx, deps, { tenantId: tenant.id, paywallId: found.paywall.id, now });
  };

  operations
    .on(wire.listPurchaseOptions, async ({ tenant, query, page }) => {
      const state = query.status.toLowerCase() as OptionOfProduct["state"];
      const filter = { tenantId: tenant.id, sku: query.sku, paywallId: query.paywallId, state };
      return mapPage(await listOptionsOf(db, filter, page), toWire);
    })
    .on(wire.createPurchaseOption, async ({ tenant, mode, now, body }) => {
      const { paywallId = null } = body;
      const product = await productNamed(db, tenant, body.sku);
      if (paywallId !== null && !(await ownsPaywall(db, tenant.id, paywallId))) {
        throw await missing(db, tenant, "paywall", paywallId);
      }
      const key = body.key ?? `api-${deps.ids.next("purchaseOption").slice(-10).toLowerCase()}`;
      const empty: OptionDraft = {
        productId: product.id,
        paywallId,
        key,
        kind: "one_time",
        interval: "lifetime",
        intervalCount: 1,
        amountMinor: 0,
        currency: tenant.currency,
        local: [],
        trialDays: 0,
        label: null,
        description: null,
        sort: 0,
        replacesId: null,
      };
      const draft = changed(empty, body);
      const id = await unlessTaken(key, () =>
        db.transaction(async (tx) => {
          const made = await createPurchaseOption(tx, deps, {
            tenantId: tenant.id,
            draft,
            fromFile: false,
            now,
          });
          await paywallShows(tx, { tenant, mode, now }, paywallId);
          return made;
        }),
      );
      return shown(tenant, id);
    })
    .on(wire.getPurchaseOption, async ({ tenant, params }) => shown(tenant, params.id))
    .on(wire.updatePurchaseOption, async ({ tenant, mode, now, params, body }) => {
      const id = await db.transaction(async (tx) => {
        const option = await named(tx, tenant, params.id);
        if (option.state === "superseded") {
          throw new AppError("option_superseded", 409, "Another option has taken the place of this one.");
        }
        const draft = changed(option, body);
        const revised = await revisePurchaseOption(tx, deps, {
          tenantId: tenant.id,
          optionId: option.id,
          draft,
          now,
        });
        await paywallShows(tx, { tenant, mode, now }, option.paywallId);
        return revised.optionId;
      });
      return shown(tenant, id);
    })
    .on(wire.deletePurchaseOption, async ({ tenant, mode, now, params }) => {
      await db.transaction(async (tx) => {
        const option = await named(tx, tenant, params.id);
        if (option.state !== "active") return;
        await archivePurchaseOption(tx, tenant.id, option.id, now);
        await paywallShows(tx, { tenant, mode, now }, option.paywallId);
      });
      return null;
    });
}

async function unlessTaken<T>(key: string, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!isUniqueViolation(error, "purchase_options_key")) throw error;
    const details = { field: "key" };
    throw new AppError("key_taken", 409, `There is a purchase option ${key} already.`, { details });
  }
}

const INTERVALS = { DAY: "day", WEEK: "week", MONTH: "month", YEAR: "year" } as const;

/** The option with what was sent. @throws 400 */
function changed(before: OptionDraft, body: Changes): OptionDraft {
  const currency = body.currency ?? before.currency;
  if (body.price === undefined && currency !== before.currency) {
    throw invalid("price must be given with a new currency", "price");
  }
  const interval: Interval | null =
    body.recurringInterval === undefined
      ? before.interval
      : body.recurringInterval === null
        ? "lifetime"
        : INTERVALS[body.recurringInterval];
  const recurs = interval !== null && interval !== "lifetime";
  const trialDays = body.trialDays ?? before.trialDays;
  if (trialDays > 0 && !recurs) throw invalid("trialDays: only what renews has a trial", "trialDays");
  return {
    ...before,
    kind: recurs ? "recurring" : before.kind === "recurring" ? "one_time" : before.kind,
    interval,
    intervalCount: recurs ? (body.recurringTime ?? before.intervalCount) : 1,
    amountMinor: body.price === undefined ? before.amountMinor : parseMajor(body.price, currency),
    currency,
    trialDays,
    label: body.name ?? before.label,
    description: body.description === undefined ? before.description : body.description || null,
    sort: body.position ?? before.sort,
  };
}

function toWire(option: OptionOfProduct) {
  return {
    id: option.id,
    key: option.key,
    sku: option.sku,
    ...(option.paywallId !== null && { paywallId: option.paywallId }),
    name: option.label ?? option.key,
    ...(option.description !== null && { description: option.description }),
    price: toMajor(option.amountMinor, option.currency),
    currency: option.currency,
    ...(option.kind === "recurring" && {
      recurringInterval: option.interval?.toUpperCase(),
      recurringTime: option.intervalCount,
    }),
    trialDays: option.trialDays,
    position: option.sort,
    status: option.state.toUpperCase(),
    createdAt: option.createdAt.toISOString(),
    updatedAt: option.updatedAt.toISOString(),
  };
}
