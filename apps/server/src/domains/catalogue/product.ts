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
  cover: string | null;
  language: string | null;
  /** The page it is. */
  url: string | null;
  /** Pages that it covers; a star stands for anything behind the host. */
  urlPatterns: string[];
  /** What pages name a pass by. */
  passUrl: string | null;
  publisherContentId: string | null;
  section: string | null;
  tags: string[];
  publishedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};
