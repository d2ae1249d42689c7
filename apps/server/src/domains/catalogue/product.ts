/** Something that grants access. */
export type Product = {
  id: string;
  tenantId: string;
  /** The merchant's own code for it, unique within the tenant. */
  sku: string;
  title: string;
  description: string | null;
  type: string;
  accessRule: "while_contract_active" | "fixed_duration" | "forever";
  accessDays: number | null;
  state: "draft" | "active" | "archived";
};
