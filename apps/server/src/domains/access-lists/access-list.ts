import type { Mode } from "../../platform/events.ts";

export const ACCESS_LIST_TYPES = [
  "CSV_FILE_OLD",
  "CSV_FILE",
  "CSV_TRANSACTIONS",
  "CLAIMED",
  "MANUAL",
  "HOOK",
  "BASIC_API",
] as const;
export const ACCESS_LIST_STATUSES = ["DRAFT", "ACTIVE", "CANCELED"] as const;
export const GRANT_STATUSES = ["ACTIVE", "INACTIVE", "CANCELED"] as const;

export type AccessListType = (typeof ACCESS_LIST_TYPES)[number];

/** Rights that come from elsewhere, under one name; canceling it ends all of them. */
export type AccessList = {
  id: string;
  tenantId: string;
  /** Its name in the apply file; null for lists that were made otherwise. */
  key: string | null;
  name: string;
  description: string | null;
  type: AccessListType;
  status: (typeof ACCESS_LIST_STATUSES)[number];
  /** Which of the two worlds its rights are in. */
  mode: Mode;
  excludeFromStats: boolean;
};

/** One person's right to one product. */
export type Grant = {
  id: string;
  tenantId: string;
  listId: string;
  key: string | null;
  /** Lower case. Whoever proves that it is theirs has the right. */
  email: string;
  productId: string;
  optionId: string | null;
  status: (typeof GRANT_STATUSES)[number];
  startsAt: Date | null;
  endsAt: Date | null;
  notes: string | null;
};

export type Address = Partial<Record<"street" | "city" | "zip" | "country" | "co", string>>;

/** Who a grant is for, as the publisher's system knows them. */
export type Person = {
  firstName?: string;
  lastName?: string;
  phone?: string;
  deliveryAddress?: Address;
  billingAddress?: Address;
};

/** What a publisher writes down about a grant beyond the right itself. */
export type GrantDetails = {
  publisherUserId: string | null;
  /** Unique within its list. */
  publisherPurchaseId: string | null;
  person: Person;
  extra: Record<string, string>;
  excludeFromStats: boolean;
};

/** Everything that a caller may set of a grant, its product and option by the names that the wire has. */
export type WantedGrant = Omit<Grant, "id" | "tenantId" | "listId" | "key"> & GrantDetails;

/** A grant with what it points at. */
export type GrantRecord = WantedGrant & {
  id: string;
  listId: string;
  sku: string;
  /** Our id of whoever has proved the address, as readers' clients know it. */
  userId: string | null;
  createdAt: Date;
  updatedAt: Date;
};
