import { z } from "zod";
import type {
  AppliedCode,
  CheckoutSession,
  PricedSession,
  SessionDetails,
  WantedItem,
} from "../../domains/checkout/index.ts";
import { toMajor } from "../../platform/money.ts";
import { attribution } from "./attribution.ts";

const MAX_ITEMS = 20;
const MAX_CODES = 10;

const line = z.string().trim().max(300);
const email = z.string().trim().max(254).toLowerCase().check(z.email("must be an email address"));
const country = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, "must be a country code such as SE");
const currency = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/, "must be a currency code such as EUR");
const price = z.number().nonnegative().max(10_000_000);
const address = z.object({
  country: z.union([country, z.literal("").transform(() => undefined)]).optional(),
  zip: line.optional(),
  city: line.optional(),
  street: line.optional(),
  co: line.optional(),
  firstName: line.optional(),
  lastName: line.optional(),
});
const field = z.object({ enabled: z.boolean(), required: z.boolean().optional() });

const item = z
  .object({
    sku: z.string().min(1).max(200).optional(),
    url: z
      .url({ protocol: /^https?$/, error: "must be an absolute address" })
      .max(2048)
      .optional(),
    purchaseOptionId: z.string().min(1).max(100).optional(),
    price: price.optional(),
    currency: currency.optional(),
    geoRestrictions: z
      .object({ countries: z.array(country).max(300), type: z.enum(["ALLOW", "BLOCK"]) })
      .optional(),
  })
  .refine((it) => it.sku !== undefined || it.url !== undefined, {
    message: "needs a sku or a url",
    path: ["sku"],
  });
export const items = z.array(item).min(1, "must name at least one thing to buy").max(MAX_ITEMS);

export const metadata = z
  .record(
    z.string().max(100),
    z.union([z.string(), z.number(), z.boolean()]).transform(String).pipe(z.string().max(1000)),
  )
  .refine((it) => Object.keys(it).length <= 50, "has too many entries");

const codes = z.array(z.string().trim().min(1).max(100)).max(MAX_CODES);

export const details = z.object({
  email: email.optional(),
  givenName: line.optional(),
  familyName: line.optional(),
  phoneNumber: z.string().trim().max(40).optional(),
  birthDate: z.iso.date("must be a date such as 1990-05-31").optional(),
  country: country.optional(),
  address: address.optional(),
  businessAddress: address.optional(),
  isBusiness: z.boolean().optional(),
  referralEmail: email.optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, "must be a language such as sv")
    .optional(),
  currency: currency.optional(),
  anonymousUserId: z.string().max(200).optional(),
  paymentData: z.object({ provider: z.string().max(60), method: z.string().max(60) }).optional(),
  paymentMethodsFilter: z
    .array(
      z.object({ provider: z.string().max(60).optional(), methods: z.array(z.string().max(60)).max(50) }),
    )
    .max(50)
    .optional(),
  fieldSettings: z
    .object({
      name: field.optional(),
      phone: field.optional(),
      birthdate: field.optional(),
      referral: z.object({ enabled: z.boolean() }).optional(),
    })
    .optional(),
  giftMode: z.boolean().optional(),
  payerEmail: email.optional(),
  requireAddress: z.boolean().optional(),
});

const common = {
  ...details.shape,
  price: price.optional(),
  attribution: attribution.optional(),
  metadata: metadata.optional(),
  requestedDiscountCodes: codes.optional(),
};
export const createCheckout = z.object({
  ...common,
  items,
  redirectUrl: z.url({ protocol: /^https?$/, error: "must be an absolute address" }).max(4096),
});
export const updateCheckout = z.object({
  ...common,
  items: items.optional(),
  redirectUrl: createCheckout.shape.redirectUrl.optional(),
});

/** Pages' forms send null for what is not filled in. */
export const withoutNulls = (body: unknown): unknown =>
  typeof body === "object" && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
    : body;

/** The part of a request that is a checkout's details. */
export function detailsOf(body: z.output<typeof updateCheckout>): SessionDetails {
  const given = Object.entries(details.shape).map(([name]) => [name, body[name as keyof SessionDetails]]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as SessionDetails;
}

export type CheckoutFacts = {
  session: CheckoutSession;
  priced: PricedSession;
  /** What it was paid for with, once it was. */
  paid: { totalMinor: number; currency: string } | null;
  checkoutUrl: string;
  methods: { provider: string; methods: string[] }[];
  payer: { id: string; email: string } | null;
};

const codeToWire = ({ code, status, of }: AppliedCode) => ({
  code,
  status,
  ...(of && { id: of.id, name: of.name, description: of.description }),
});

/** A checkout as clients know it (publisher API §6.1). Prices are what will be charged, in major units. */
export function checkoutToWire({ session, priced, paid, checkoutUrl, methods, payer }: CheckoutFacts) {
  const { payerEmail: _, ...shown } = session.details;
  const total = paid ?? priced;
  return {
    ...shown,
    id: session.id,
    items: priced.lines.map(({ item: it, product, option, priceMinor }) => ({
      sku: product.sku,
      ...(it.url !== null && { url: it.url }),
      purchaseOptionId: option.id,
      price: toMajor(priceMinor, priced.currency),
      currency: priced.currency,
      ...(it.geoRestrictions && { geoRestrictions: it.geoRestrictions }),
    })),
    redirectUrl: session.redirectUrl,
    checkoutUrl,
    status: session.status,
    type: priced.type,
    price: toMajor(total.totalMinor, total.currency),
    currency: total.currency,
    itemsOwned: priced.owned.map(({ product, option }) => ({
      sku: product.sku,
      purchaseOptionId: option.id,
      title: product.title,
    })),
    appliedDiscountCodes: priced.codes.map(codeToWire),
    availablePaymentMethods: methods.map(({ provider, methods: names }) => ({ provider, methods: names })),
    ...(Object.keys(session.attribution).length > 0 && { attribution: session.attribution }),
    ...(Object.keys(session.metadata).length > 0 && { metadata: session.metadata }),
    ...(payer && { payer }),
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
  };
}

export type WireItems = z.output<typeof items>;
export const wantedItems = (given: WireItems): WantedItem[] => given;
