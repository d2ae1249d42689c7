import { type Queryable, sql } from "../../platform/database/index.ts";
import { passNamedBy } from "./covers-page.ts";
import { pageKey } from "./page-address.ts";

/**
 * Whether a page's address and a content id mean the same thing, as far as the catalogue knows: `same`, `different`, or
 * `unknown` when it does not know both. Callers name both, and a right to one must not open the other.
 */
export async function matchPage(
  q: Queryable,
  tenantId: string,
  input: { url: string; publisherContentId: string },
): Promise<"same" | "different" | "unknown"> {
  const page = pageKey(input.url);
  const rows = await q.query<{ urlKey: string | null; contentId: string | null }>(sql`
    select url_key "urlKey", publisher_content_id "contentId" from products
    where tenant_id = ${tenantId} and url_key = ${page}
    union all
    select url_key, publisher_content_id from products
    where tenant_id = ${tenantId} and publisher_content_id = ${input.publisherContentId}`);
  const ofPage = rows.filter((it) => it.urlKey === page);
  const ofContent = rows.filter((it) => it.contentId === input.publisherContentId);
  if (ofPage.some((it) => it.contentId === input.publisherContentId)) return "same";
  const elsewhere = (known: boolean[]) => known.length > 0 && known.every(Boolean);
  const different =
    elsewhere(ofPage.map((it) => it.contentId !== null)) ||
    elsewhere(ofContent.map((it) => it.urlKey !== null));
  return different ? "different" : "unknown";
}

/** Whether an address is what pages name a pass by. A link to it opens everything that the pass does. */
export const isPassAddress = async (q: Queryable, tenantId: string, url: string): Promise<boolean> =>
  (await passNamedBy(q, tenantId, url)) !== null;
