import * as wire from "@tollgate/protocol/management-api/content";
import { findProductsBySku, passNamedBy } from "../../domains/catalogue/index.ts";
import {
  type ContentSource,
  checkContentSourceNow,
  indexPages,
  type KnownArticle,
  listContentSources,
  listIndexedPages,
  unindexPage,
} from "../../domains/content/index.ts";
import { countLink, getLinkUses, linkTo, signLinkToken } from "../../domains/signed-links/index.ts";
import { ownerOfHost, type Tenant } from "../../domains/tenants/index.ts";
import { addSeconds } from "../../platform/clock.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { invalid, noSuchResource } from "../publisher-api/errors.ts";
import type { Operations } from "./operations.ts";
import { pageOf } from "./paging.ts";

/** The content index, and links that open its pages. */
export function contentOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  /** @throws 400 for a page that is somebody else's: nobody vouches for, or speaks of, strangers' pages */
  const refuseOthers = async (tenant: Tenant, url: string, field: string): Promise<void> => {
    if ((await ownerOfHost(db, new URL(url).host)) !== tenant.id) {
      throw invalid(`${url} is not on one of your sites.`, field);
    }
  };

  operations
    .on(wire.pushContent, async ({ tenant, body, now }) => {
      const hosts = new Map(body.articles.map(({ url }, i) => [new URL(url).host, { url, i }]));
      for (const { url, i } of hosts.values()) await refuseOthers(tenant, url, `articles.${i}.url`);
      const pages = body.articles.map(({ publishedAt, ...page }) => ({
        ...page,
        ...(publishedAt !== undefined && { publishedAt: new Date(publishedAt) }),
      }));
      const done = await db.transaction((tx) =>
        indexPages(tx, deps, { tenantId: tenant.id, source: "push", pages, now }),
      );
      return done.map(({ sku, url, result }) => ({ sku, url, result }));
    })
    .on(wire.listContent, async ({ tenant, query, page }) =>
      mapPage(
        await listIndexedPages(
          db,
          { tenantId: tenant.id, source: query.source ?? null, search: query.search ?? "" },
          page,
        ),
        toWire,
      ),
    )
    .on(wire.deleteContent, async ({ tenant, params, now }) => {
      if (!(await db.transaction((tx) => unindexPage(tx, tenant.id, params.sku, now))))
        throw noSuchResource();
      return null;
    })
    .on(wire.listContentSources, async ({ tenant, page }) =>
      mapPage(pageOf(await listContentSources(db, tenant.id), page), sourceToWire),
    )
    .on(wire.checkContentSource, async ({ tenant, params }) => {
      const found = await db.transaction((tx) => checkContentSourceNow(tx, deps, tenant.id, params.key));
      if (!found) throw noSuchResource();
      return null;
    })
    .on(wire.createSignedLink, async ({ tenant, body }) => {
      const { publisherContentId, seconds, maxUses } = body;
      // To whoever checks a link, a pass's address means the pass; the link then says so.
      const sku = body.sku ?? (body.url && (await passNamedBy(db, tenant.id, body.url))?.sku);
      const [product] = sku === undefined ? [] : await findProductsBySku(db, sku, tenant.id);
      if (sku !== undefined && !product) throw noSuchResource();
      const url = body.url ?? product?.passUrl ?? product?.url;
      if (!url) throw invalid("url is needed: the product names no page of its own.", "url");
      await refuseOthers(tenant, url, "url");
      // Publishers check links on real time, whatever the tenant's clock says.
      const expiresAt = addSeconds(deps.clock.now(), seconds);
      const id =
        maxUses === undefined
          ? undefined
          : await countLink(db, deps, { tenantId: tenant.id, maxUses, expiresAt });
      const contentId = publisherContentId ?? product?.publisherContentId;
      const proof = await signLinkToken(deps, tenant.id, {
        url,
        ...(sku !== undefined && { sku }),
        ...(contentId && { publisherContentId: contentId }),
        ...(id !== undefined && { countedId: id }),
        expiresAt,
      });
      return {
        ...(id !== undefined && { id, maxUses }),
        url: linkTo(url, proof),
        token: proof.token,
        expiresAt: proof.expiresAt.toISOString(),
      };
    })
    .on(wire.getSignedLink, async ({ tenant, params }) => {
      const found = await getLinkUses(db, tenant.id, params.id);
      if (!found) throw noSuchResource();
      return { ...found, expiresAt: found.expiresAt.toISOString() };
    });
}

const toWire = (it: KnownArticle) => ({
  sku: it.sku,
  url: it.url,
  title: it.title,
  ...(it.publisherContentId !== null && { publisherContentId: it.publisherContentId }),
  ...(it.section !== null && { section: it.section }),
  ...(it.publishedAt !== null && { publishedAt: it.publishedAt.toISOString() }),
  source: it.source,
  indexedAt: it.indexedAt.toISOString(),
  status: it.state === "archived" ? "ARCHIVED" : "ACTIVE",
});

const sourceToWire = (it: ContentSource) => ({
  key: it.key,
  kind: it.kind,
  url: it.url,
  ...(it.section !== null && { section: it.section }),
  everyMinutes: it.everyMinutes,
  status: it.state === "active" ? "ACTIVE" : "DISABLED",
  pages: it.pages,
  ...(it.error !== null && { error: it.error }),
  ...(it.checkedAt !== null && { checkedAt: it.checkedAt.toISOString() }),
  nextCheckAt: it.dueAt.toISOString(),
});
