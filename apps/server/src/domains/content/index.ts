/**
 * Publishers' pages: how one is read for somebody who may read it, and which ones there are (the content index).
 *
 * Invariants: nothing is fetched but from addresses that the guard lets through, redirects included; a page and a
 * selector that strangers wrote are worked on in a thread that can be ended.
 */
export { contentSourceJob } from "./content-source-job.ts";
export { createExtractor, type Extracted, type Extractor } from "./extract-html.ts";
export { contentFetch, type FetchedPage, fetchPage, PAGE_BYTES_MAX, userAgentOf } from "./fetch-page.ts";
export { followSales } from "./follow-sales.ts";
export {
  INDEX_SOURCES,
  type Indexed,
  type IndexSource,
  indexPages,
  type KnownArticle,
  listIndexedPages,
  type PageFacts,
  unindexPage,
} from "./index-pages.ts";
export { createPageCache, type PageCache } from "./page-cache.ts";
export {
  type ContentSource,
  checkContentSourceNow,
  listContentSources,
  saveContentSource,
} from "./sources.ts";
