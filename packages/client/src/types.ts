// What the publisher API answers and takes. Instants are ISO 8601 strings in UTC; amounts are in major units, so 9.99 is
// nine and 99 hundredths; currencies are ISO 4217 in capitals.

/** Where somebody lives or is billed. */
export type Address = {
  country?: string;
  zip?: string;
  city?: string;
  street?: string;
  co?: string;
  firstName?: string;
  lastName?: string;
};

export interface Profile {
  userId: string;
  firstName?: string;
  lastName?: string;
  email?: string;
  emailVerified?: boolean;
  locale?: string;
  nickname?: string;
  picture?: string;
  name?: string;
  mobilePhone?: string;
  workPhone?: string;
  homePhone?: string;
  company?: string;
  tags?: string[];
  user_metadata?: { [key: string]: string | number };
  billingAddress?: Address;
  deliveryAddress?: Address;
  createdAt: string;
  updatedAt: string;
  sub?: string;
  given_name?: string;
  family_name?: string;
  phone_number?: string;
}

export type EntitlementType =
  | "article"
  | "audiobook"
  | "ebook"
  | "bundle"
  | "podcast"
  | "pass"
  | "publication"
  | "physical_issue";

/** A right to something, from `createdAt` until `expiresAt`. */
export interface Entitlement {
  id: string;
  sku: string;
  /** The id of the option that was bought. */
  purchaseOption?: string;
  title: string;
  type: EntitlementType;
  url?: string;
  presentationUrl?: string;
  publisherContentId?: string;
  cover?: string;
  /** A grant of an access list, or a contract. */
  origin?:
    | { type: "EXTERNAL"; id: string; listId: string; name: string }
    | { type: "PAYMENTS"; contractId: string };
  hasAccess: boolean;
  createdAt: string;
  updatedAt: string;
  token?: string;
  expiresAt?: string;
}

export type EntitlementQuery = {
  type?: EntitlementType;
  sku?: string;
  purchaseOptionId?: string;
  /** ISO time: the server waits up to ten seconds for an entitlement that is newer. */
  waitForEntitlementAfter?: string;
};

/** How something that one has a right to is opened: a signed link, and the token that the content proxy takes. */
export interface Access {
  id: string;
  url: string;
  token: string;
}

/** Deprecated by contracts. */
export interface Subscription {
  id: string;
  userId: string;
  status: string;
  currency: string;
  createdAt: string;
  cancelAt?: string | null;
  hasAccess: boolean;
  manageUrl: string;
  product: { name: string; description: string; image: string; optionId: string; sku: string };
  price?: number;
  nextPrice?: number;
  nextPaymentAt?: string;
  totalIssues?: number;
  remainingIssues?: number;
}

export interface Product {
  sku: string;
  title: string;
  productType: string;
  cover: string;
  language: string;
  publisherContentId?: string;
  createdAt: string;
  updatedAt: string;
}

/** The agreement that a purchase creates. */
export interface Contract {
  id: string;
  name: string;
  userId: string;
  createdAt: string;
  updatedAt: string;
  price: number;
  nextBillAt: string | null;
  nextPrice: number | null;
  currency: string;
  manageUrl?: string;
  contractDuration?: "RECURRING" | "RENEWABLE" | "PERPETUAL";
  issuesRemaining?: number;
  items: {
    sku: string;
    purchaseOptionId?: string;
    purchaseOptionName?: string;
    name: string;
    cover?: string;
    purchaseType?: string;
  }[];
  status: string;
  isActive: boolean;
  recurringInterval?: "DAY" | "WEEK" | "MONTH" | "YEAR";
  /** Periods between two bills. */
  recurringTime?: number;
  /** When it ends, once it has been cancelled. */
  willCancelAt: string | null;
  expiresAt?: string;
  paymentData?: { method?: string; description?: string; brand?: string };
  appliedDiscounts: { code: string; name: string; description: string; id: string }[];
}

/** A change of a contract that waits to be confirmed. */
export interface Amendment {
  id: string;
  contractId: string;
  status: string;
  amendmentType: string;
  appliedDiscounts: AppliedDiscount[];
  nextBill?: { total: number; currency: string; date?: string };
}

/** `status` is `APPLIED` or `UNAPPLICABLE`. */
export type AppliedDiscount = {
  code: string;
  status: string;
  id?: string;
  name?: string;
  description?: string | null;
};

export type CreateAmendment = { amendmentType: string; discountCode?: string; [field: string]: unknown };

export interface Bill {
  id: string;
  items: { sku: string; title: string; purchaseOptionId?: string }[];
  price: number;
  currency?: string;
  receiptUrl: string;
  paymentProvider: string;
  paymentMethod: string;
  status: string;
  createdAt: string;
  updatedAt: string;
}

/** Money that moved; `amount` is never negative, `isRefund` says which way it went. */
export interface Transaction {
  id: string;
  amount: number;
  currency?: string;
  contractId: string;
  billId: string;
  userId: string;
  isRefund: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface PaymentIssue {
  status: "OVERDUE" | "CARD_EXPIRED" | "CARD_WILL_EXPIRE";
  contractId?: string;
  nextPaymentAt?: string;
  manageUrl?: string;
  createdAt: string;
  updatedAt: string;
}

/** Something delivered, once per issue or parcel. */
export interface Fulfillment {
  sku: string;
  title: string;
  status: string;
  deliversAt?: string;
  createdAt: string;
  updatedAt: string;
}

/** What is left at `user-metadata`: text, a number, or whatever JSON was stored. */
export type UserMetadata = unknown;

export type TallyValue = (string | number)[];

export type TallyPolicies = {
  /** Seconds. */
  ttl?: number;
  maxItems?: number;
  unique?: boolean;
  overflow?: "fifo" | "block";
  ipSessionSharing?: boolean;
};

/** A list that a reader's visits add to. */
export interface Tally {
  id: string;
  value: TallyValue;
  policies?: TallyPolicies;
  createdAt: string;
  updatedAt: string;
  expiresAt?: string;
}

export type TallyInsert = { value: string | number; policies?: TallyPolicies };

export type Attribution = {
  utmSource?: string;
  utmMedium?: string;
  utmCampaign?: string;
  utmTerm?: string;
  utmContent?: string;
  source?: "CHECKOUT" | "PAYWALL" | "OTHER";
  sourceId?: string;
  itemSrc?: string;
  publisherContentId?: string;
  _ga?: string;
  _gid?: string;
  _fbp?: string;
  _fbc?: string;
};

export type PaymentMethods = { provider?: string; methods: string[] };

type AskedField = { enabled: boolean; required?: boolean };

type CheckoutFields = {
  /** At least one, each with a sku or an address. */
  items: {
    sku?: string;
    url?: string;
    purchaseOptionId?: string;
    price?: number;
    currency?: string;
    geoRestrictions?: { countries: string[]; type: "ALLOW" | "BLOCK" };
  }[];
  /** Absolute. */
  redirectUrl: string;
  email?: string;
  givenName?: string;
  familyName?: string;
  phoneNumber?: string;
  /** `YYYY-MM-DD`. */
  birthDate?: string;
  country?: string;
  address?: Address;
  businessAddress?: Address;
  isBusiness?: boolean;
  referralEmail?: string;
  language?: string;
  /** With `currency`, instead of the items' own prices. */
  price?: number;
  currency?: string;
  anonymousUserId?: string;
  attribution?: Attribution;
  paymentData?: { provider: string; method: string };
  paymentMethodsFilter?: PaymentMethods[];
  fieldSettings?: {
    name?: AskedField;
    phone?: AskedField;
    birthdate?: AskedField;
    referral?: { enabled: boolean };
  };
  giftMode?: boolean;
  requireAddress?: boolean;
  metadata?: { [key: string]: string };
};

export type CreateCheckoutParams = CheckoutFields & {
  requestedDiscountCodes?: string[];
  payerEmail?: string;
};

/** One attempt to buy: send the buyer to `checkoutUrl`. */
export type Checkout = CheckoutFields & {
  id: string;
  checkoutUrl: string;
  status: "PENDING" | "WAITING_PAYMENT_CONFIRMATION" | "COMPLETED";
  type: "RECURRING" | "SINGLE";
  itemsOwned: { sku: string; purchaseOptionId: string; title: string }[];
  appliedDiscountCodes: (AppliedDiscount & { status: "APPLIED" | "UNAPPLICABLE" })[];
  availablePaymentMethods: PaymentMethods[];
  payer?: { id: string; email: string };
  createdAt: string;
  updatedAt: string;
};

/** One option that a paywall offers. */
export interface PaywallSubscription {
  id: string;
  sku: string;
  poId: string;
  title: string;
  /** May hold HTML. */
  description: string;
  price: number;
  discountPrice?: number;
  /** Empty when there is none. */
  discountCode: string;
  periodText: string;
  tag: string;
  selected: boolean;
  features?: string[];
  buttonText?: string;
  readMoreText?: string;
  preferBusiness?: boolean;
  url?: string;
}

/** What a paywall shows. */
export interface Paywall {
  id: string;
  vendorId: string;
  currency: string;
  version: number;
  settings: {
    template: "LOGIN" | "BOXES" | "ARTICLE";
    useDefaultLogo: boolean;
    useDefaultCurrency: boolean;
    useDefaultColor: boolean;
    styling?: { dropShadow: boolean; backgroundColor: string; showBackground: boolean };
  };
  showLoginButton: boolean;
  subscriptions: PaywallSubscription[];
  features: string[];
  mainColor?: string;
  headline?: string;
  logoUrl?: string;
  footerPaymentMethods: string[];
  singlePurchase?: { enabled: boolean; title: string; description: string; discountCode: string };
}

export interface Vendor {
  id: string;
  name: string;
  logo?: string;
}

/** A reader as the Management API tells of them. */
export interface User {
  id: string;
  email?: string;
  name?: string;
  createdAt: string;
  updatedAt: string;
}

export type AccessListType =
  | "CSV_FILE_OLD"
  | "CSV_FILE"
  | "CSV_TRANSACTIONS"
  | "CLAIMED"
  | "MANUAL"
  | "HOOK"
  | "BASIC_API";

/** Rights that come from elsewhere than a sale. */
export interface AccessList {
  id: string;
  name: string;
  description?: string;
  type: AccessListType;
  status: "DRAFT" | "ACTIVE" | "CANCELED";
  excludeFromStats?: boolean;
}

export type CreateAccessList = Omit<AccessList, "id">;
export type UpdateAccessList = Partial<AccessList>;

export type GrantAddress = { street?: string; city?: string; zip?: string; country?: string; co?: string };

/** A right of one address; it waits until somebody proves that the address is theirs. */
export interface Grant {
  id: string;
  /** The access list's id. */
  source: string;
  email: string;
  sku: string;
  poId: string;
  status: "ACTIVE" | "INACTIVE" | "CANCELED";
  userId?: string;
  publisherUserId?: string;
  startsAt?: string;
  endsAt?: string;
  firstName?: string;
  lastName?: string;
  phone?: string;
  deliveryAddress?: GrantAddress;
  billingAddress?: GrantAddress;
  publisherPurchaseId?: string;
  notes?: string;
  extraFields?: { [key: string]: string };
  excludeFromStats?: boolean;
}

/** `source` is the list of the path when it is left out. */
export type CreateGrant = Omit<Grant, "id" | "source"> & { source?: string };
export type UpdateGrant = Partial<Omit<Grant, "id" | "source">>;

export type UserListQuery = { limit?: number; offset?: number; search?: string };
export type ProductListQuery = { limit?: number; offset?: number; search?: string };
export type ContractListQuery = { limit?: number; offset?: number; userId?: string; status?: string };
export type BillListQuery = {
  limit?: number;
  offset?: number;
  userId?: string;
  status?: string;
  contractId?: string;
  q?: string;
};
export type TransactionListQuery = {
  limit?: number;
  offset?: number;
  userId?: string;
  type?: string;
  status?: string;
};
export type ManagedEntitlementQuery = {
  userId?: string;
  type?: EntitlementType;
  sku?: string;
  limit?: number;
  offset?: number;
};

/** What `users.create` and `users.update` take: an address, a name, or any field of a profile. */
export type UserInput = Partial<Profile>;
/** What `products.create` and `products.update` take; the server ignores what it does not know. */
export type ProductInput = Partial<Product> & { [field: string]: unknown };
export type CreateVendor = { name: string; id?: string; website?: string; country?: string };
