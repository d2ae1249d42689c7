import type { Money } from "../../platform/money.ts";

export type PostalAddress = Partial<
  Record<"country" | "zip" | "city" | "street" | "co" | "firstName" | "lastName", string>
>;
export type GeoRestrictions = { countries: string[]; type: "ALLOW" | "BLOCK" };
type Field = { enabled: boolean; required?: boolean | undefined };

/** One thing that somebody wants, found in the catalogue. */
export type SessionItem = {
  sku: string;
  /** The page by whose address it was asked for. */
  url: string | null;
  productId: string;
  optionId: string;
  /** A price that whoever made the session may set: the merchant's back end, or a buyer who chooses the amount. */
  setPrice: Money | null;
  geoRestrictions: GeoRestrictions | null;
};

/** What the buyer and the page fill in, by the names of the wire. */
export type SessionDetails = {
  email?: string | undefined;
  givenName?: string | undefined;
  familyName?: string | undefined;
  phoneNumber?: string | undefined;
  birthDate?: string | undefined;
  country?: string | undefined;
  address?: PostalAddress | undefined;
  businessAddress?: PostalAddress | undefined;
  isBusiness?: boolean | undefined;
  referralEmail?: string | undefined;
  language?: string | undefined;
  currency?: string | undefined;
  anonymousUserId?: string | undefined;
  paymentData?: { provider: string; method: string } | undefined;
  paymentMethodsFilter?: { provider?: string | undefined; methods: string[] }[] | undefined;
  fieldSettings?:
    | {
        name?: Field | undefined;
        phone?: Field | undefined;
        birthdate?: Field | undefined;
        referral?: { enabled: boolean } | undefined;
      }
    | undefined;
  giftMode?: boolean | undefined;
  payerEmail?: string | undefined;
  requireAddress?: boolean | undefined;
};

export type SessionStatus = "PENDING" | "WAITING_PAYMENT_CONFIRMATION" | "COMPLETED";

/** Who made a session. Only a `machine`'s word about prices and people counts. */
export type SessionMaker = "reader" | "anonymous" | "machine" | "link";

/** What a publisher's page asks to be bought, until somebody has paid it. */
export type CheckoutSession = {
  id: string;
  tenantId: string;
  paywallId: string;
  maker: SessionMaker;
  /** Whoever was signed in when it was made or changed. */
  customerId: string | null;
  items: SessionItem[];
  redirectUrl: string;
  details: SessionDetails;
  /** Codes as they were typed. */
  codes: string[];
  attribution: Record<string, string>;
  metadata: Record<string, string>;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date;
  status: SessionStatus;
};

/** Who gets what is bought, and who pays for it, as far as addresses say. Null is "whoever is signed in", or not known yet. */
export type People = {
  customerEmail: string | null;
  payerEmail: string | null;
  recipientEmail: string | null;
};

const same = (a: string | undefined | null, b: string | undefined | null): boolean =>
  a?.trim().toLowerCase() === b?.trim().toLowerCase();

/**
 * The people of a session. A signed-in reader buys for themselves whatever address they type, unless another one pays
 * (`payerEmail`) for another one. In gift mode the customer is who pays, and the recipient somebody else or, when null,
 * whoever gets the link.
 */
export function peopleOf(
  details: Pick<SessionDetails, "email" | "payerEmail" | "giftMode">,
  signedInEmail: string | null | undefined,
): People & { isSignedInBuyer: boolean } {
  const { email, payerEmail, giftMode } = details;
  const signedIn = signedInEmail !== undefined;
  if (giftMode) {
    const payer = payerEmail ?? (signedIn ? null : (email ?? null));
    const known = payer ?? signedInEmail ?? null;
    const recipient = email && (payerEmail || signedIn) && !same(email, known) ? email : null;
    const isSignedInBuyer = signedIn && (payer === null || same(payer, signedInEmail));
    return {
      customerEmail: isSignedInBuyer ? null : payer,
      payerEmail: null,
      recipientEmail: recipient?.trim().toLowerCase() ?? null,
      isSignedInBuyer,
    };
  }
  const isForAnother = Boolean(payerEmail && email && !same(email, signedInEmail));
  const isSignedInBuyer = signedIn && !isForAnother;
  const customerEmail = isSignedInBuyer ? null : (email ?? null);
  const payer = payerEmail && !same(payerEmail, customerEmail ?? signedInEmail) ? payerEmail : null;
  return { customerEmail, payerEmail: payer, recipientEmail: null, isSignedInBuyer };
}

/** A field of the form that must be filled in before anybody can pay. */
export type MissingField =
  | "email"
  | "payerEmail"
  | "givenName"
  | "familyName"
  | "phoneNumber"
  | "birthDate"
  | "address"
  | "businessAddress";

const isWhole = (address: PostalAddress | undefined): boolean =>
  Boolean(address?.street && address.zip && address.city && address.country);

/** What is still missing, in the order of the form. */
export function missingFields(details: SessionDetails, isSignedIn: boolean): MissingField[] {
  const { fieldSettings: f, giftMode } = details;
  const missing: MissingField[] = [];
  const isRequired = (field: Field | undefined) => field?.enabled === true && field.required === true;
  if (!isSignedIn && !(giftMode ? (details.payerEmail ?? details.email) : details.email)) {
    missing.push(giftMode ? "payerEmail" : "email");
  }
  if (isRequired(f?.name)) {
    if (!details.givenName) missing.push("givenName");
    if (!details.familyName) missing.push("familyName");
  }
  if (isRequired(f?.phone) && !details.phoneNumber) missing.push("phoneNumber");
  if (isRequired(f?.birthdate) && !details.birthDate) missing.push("birthDate");
  if (details.requireAddress && !isWhole(details.address)) missing.push("address");
  if (details.isBusiness && !isWhole(details.businessAddress)) missing.push("businessAddress");
  return missing;
}

/**
 * Whether these may be sold to where the buyer is: by the address that they call from and, where they say one, by their
 * own word. A place that is not known is in no list.
 */
export function isSoldThere(
  items: readonly Pick<SessionItem, "geoRestrictions">[],
  places: { country: string | null; claimed: string | null | undefined },
): boolean {
  const named = [places.country, places.claimed?.toUpperCase() ?? null].filter((it) => it !== null);
  return items.every(({ geoRestrictions: rule }) => {
    if (!rule) return true;
    const listed = (country: string) => rule.countries.some((it) => it.toUpperCase() === country);
    return rule.type === "BLOCK" ? !named.some(listed) : named.length > 0 && named.every(listed);
  });
}
