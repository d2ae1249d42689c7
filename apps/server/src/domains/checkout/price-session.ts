import type { Queryable } from "../../platform/database/index.ts";
import {
  findOptionInAnyState,
  findPurchaseOption,
  getProduct,
  type Product,
  type PurchaseOption,
} from "../catalogue/index.ts";
import { checkAccess } from "../entitlements/index.ts";
import {
  type DiscountCode,
  findDiscountCode,
  periodsOf,
  savedBy,
  whyInapplicable,
  whyUsedUp,
} from "../growth/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { hadCardTrial } from "./queries.ts";
import type { CheckoutSession, SessionItem } from "./session.ts";
import { agreeTerms } from "./terms.ts";

export type Line = {
  item: SessionItem;
  product: Product;
  /** As it is sold now: the successor of one that has been revised since. */
  option: PurchaseOption;
  isForSale: boolean;
  priceMinor: number;
};

export type AppliedCode = { code: string; status: "APPLIED" | "UNAPPLICABLE"; of: DiscountCode | null };

export type PricedSession = {
  lines: [Line, ...Line[]];
  currency: string;
  subtotalMinor: number;
  discountMinor: number;
  totalMinor: number;
  /** How many paid periods the discount lasts; null is every one. */
  discountPeriods: number | null;
  trialDays: number;
  type: "RECURRING" | "SINGLE";
  codes: AppliedCode[];
  /** What this customer has already, as far as the caller may know. */
  owned: Line[];
};

const RECURRING = new Set<PurchaseOption["kind"]>(["recurring", "renewable"]);

/**
 * What a session costs now. A price is the option's, whatever was asked for; `setPrice` is there only when whoever made the
 * session may set one. One code counts, the first that fits; the others come back as not applicable.
 *
 * `customerId` is the buyer when the caller may know what they have, else null.
 */
export async function priceSession(
  q: Queryable,
  input: {
    session: Pick<CheckoutSession, "id" | "items" | "details" | "codes" | "maker">;
    tenant: Tenant;
    paywall: Pick<Paywall, "paymentMode">;
    now: Date;
    country: string | null;
    customerId: string | null;
  },
): Promise<PricedSession> {
  const { session, tenant, paywall, now, customerId } = input;
  const mode = paywall.paymentMode;
  const isGift = session.details.giftMode === true;
  const lines: Line[] = [];
  let trialDays = 0;
  let currency = "";
  for (const item of session.items) {
    const living = await findPurchaseOption(q, tenant.id, item.optionId, now);
    const option = living ?? (await findOptionInAnyState(q, tenant.id, item.optionId));
    if (!option) throw new Error("a checkout's option vanished");
    const product = await getProduct(q, tenant.id, option.productId);
    const own = { tenantId: tenant.id, customerId: customerId ?? "", productId: product.id, mode };
    const terms = agreeTerms(option, {
      displayedCurrency: session.details.currency,
      country: input.country,
      isMerchant: session.maker === "machine",
      percentBp: null,
      hadTrial: isGift || (customerId !== null && (await hadCardTrial(q, own))),
    });
    trialDays = terms.trialDays;
    currency = item.setPrice?.currency ?? terms.currency;
    const priceMinor = item.setPrice?.amountMinor ?? terms.subtotalMinor;
    lines.push({ item, product, option, isForSale: living?.state === "active", priceMinor });
  }
  const [first, ...more] = lines;
  if (!first) throw new Error("a checkout of nothing");
  const owned: Line[] = [];
  if (customerId !== null && !isGift) {
    for (const line of lines) {
      const access = { tenantId: tenant.id, customerId, productId: line.product.id, mode, now };
      if ((await checkAccess(q, access)).granted) owned.push(line);
    }
  }
  const subtotalMinor = lines.reduce((sum, it) => sum + it.priceMinor, 0);
  const { codes, discountMinor, discountPeriods } = await applyCodes(q, {
    codes: session.codes,
    lines,
    currency,
    tenantId: tenant.id,
    sessionId: session.id,
    customerId,
    now,
  });
  return {
    lines: [first, ...more],
    currency,
    subtotalMinor,
    discountMinor,
    totalMinor: subtotalMinor - discountMinor,
    discountPeriods,
    trialDays,
    type: !isGift && lines.some(({ option }) => RECURRING.has(option.kind)) ? "RECURRING" : "SINGLE",
    codes,
    owned,
  };
}

async function applyCodes(
  q: Queryable,
  input: {
    codes: string[];
    lines: Line[];
    currency: string;
    tenantId: string;
    sessionId: string;
    customerId: string | null;
    now: Date;
  },
): Promise<Pick<PricedSession, "codes" | "discountMinor" | "discountPeriods">> {
  const { lines, currency, tenantId, sessionId, customerId, now } = input;
  const answer: Pick<PricedSession, "codes" | "discountMinor" | "discountPeriods"> = {
    codes: [],
    discountMinor: 0,
    discountPeriods: null,
  };
  for (const text of input.codes) {
    const code = await findDiscountCode(q, tenantId, text);
    const isFirst = !answer.codes.some((it) => it.status === "APPLIED");
    const fitting = code ? linesOf(code, lines, currency, now) : [];
    const isUsedUp = code !== null && (await whyUsedUp(q, code, { customerId, sessionId, now })) !== null;
    if (!code || !isFirst || fitting.length === 0 || isUsedUp) {
      answer.codes.push({ code: text, status: "UNAPPLICABLE", of: null });
      continue;
    }
    answer.codes.push({ code: code.code, status: "APPLIED", of: code });
    answer.discountMinor = savedBy(code, sumOf(fitting));
    answer.discountPeriods = periodsOf(code);
  }
  return answer;
}

export const sumOf = (lines: readonly Line[]): number => lines.reduce((sum, it) => sum + it.priceMinor, 0);

/** The lines that a code is for. */
export const linesOf = (code: DiscountCode, lines: readonly Line[], currency: string, now: Date): Line[] =>
  lines.filter(
    ({ product, option }) =>
      whyInapplicable(code, { productId: product.id, optionKey: option.key, currency, now }) === null,
  );
