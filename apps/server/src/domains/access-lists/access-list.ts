import type { Mode } from "../../platform/events.ts";

export type AccessListType =
  | "CSV_FILE_OLD"
  | "CSV_FILE"
  | "CSV_TRANSACTIONS"
  | "CLAIMED"
  | "MANUAL"
  | "HOOK"
  | "BASIC_API";

/** Rights that come from elsewhere, under one name; canceling it ends all of them. */
export type AccessList = {
  id: string;
  tenantId: string;
  /** Its name in the apply file; null for lists that were made otherwise. */
  key: string | null;
  name: string;
  description: string | null;
  type: AccessListType;
  status: "DRAFT" | "ACTIVE" | "CANCELED";
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
  status: "ACTIVE" | "INACTIVE" | "CANCELED";
  startsAt: Date | null;
  endsAt: Date | null;
  notes: string | null;
};
