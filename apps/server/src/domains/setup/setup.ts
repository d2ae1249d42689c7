import type { ApplyFile } from "@tollgate/protocol/apply";

/** A checked set-up file with every default filled in. */
export type Setup = ApplyFile;

/** What a file can speak of, in the order in which one may refer to another. */
export const KINDS = [
  "tenant",
  "domain",
  "product",
  "bundle",
  "processor",
  "authProvider",
  "client",
  "apiProvider",
  "webhook",
  "meter",
  "paywall",
  "option",
  "offer",
  "experiment",
  "content",
  "discountCode",
  "contentSource",
  "accessList",
  "grant",
] as const;
export type Kind = (typeof KINDS)[number];

/** Plain JSON in the file's terms: keys instead of ids, amounts as on a price tag. Null is "not set". */
export type Values = Record<string, unknown>;

/** One thing as the file wants it. `key` is unique among the tenant's things of that kind. */
export type Wanted = { kind: Kind; key: string; values: Values };

/** The same thing as the database has it. */
export type Current = Wanted & {
  id: string;
  /** An option that a contract refers to: its terms are frozen. */
  sold?: boolean;
  /** Made by a back end: a file that does not list it leaves it alone. */
  elsewhere?: boolean;
};

/** One value that differs; `path` is dotted and ends where the values do. */
export type FieldChange = { path: string; before: unknown; after: unknown };

export type Change = {
  /** The tenant's slug. */
  tenant: string;
  kind: Kind;
  key: string;
  /** `replace`: a sold option gets a successor. `archive`: it is not in the file any more. */
  action: "create" | "update" | "replace" | "archive";
  fields: FieldChange[];
  id: string | null;
  values: Values;
};

/** The field that says whether a thing is still in use, and its last value. Tenants and content do not end. */
export const END: Partial<Record<Kind, { field: string; value: string }>> = {
  domain: { field: "state", value: "removed" },
  product: { field: "state", value: "archived" },
  bundle: { field: "state", value: "removed" },
  processor: { field: "state", value: "disabled" },
  authProvider: { field: "state", value: "disabled" },
  client: { field: "state", value: "disabled" },
  apiProvider: { field: "state", value: "disabled" },
  webhook: { field: "state", value: "deleted" },
  meter: { field: "state", value: "disabled" },
  paywall: { field: "status", value: "archived" },
  option: { field: "state", value: "archived" },
  offer: { field: "state", value: "ended" },
  experiment: { field: "state", value: "archived" },
  discountCode: { field: "status", value: "DISABLED" },
  contentSource: { field: "state", value: "disabled" },
  accessList: { field: "status", value: "CANCELED" },
  grant: { field: "status", value: "CANCELED" },
};
