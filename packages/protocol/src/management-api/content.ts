import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, LATER } from "./examples.ts";
import { instant, webAddress } from "./scalars.ts";

const SOURCES = ["push", "sitemap", "feed", "checkout"] as const;

const address = webAddress.max(2048);
const article = z
  .object({
    url: address.meta({ description: "The page, on one of your sites." }),
    sku: z.string().trim().min(1).max(200).optional().meta({
      description: "Your own; `article:` and the content id without it.",
    }),
    publisherContentId: z.string().trim().min(1).max(200).optional(),
    title: z.string().trim().min(1).max(300).optional(),
    description: z.string().max(5000).optional(),
    section: z.string().trim().min(1).max(200).optional(),
    language: z.string().min(2).max(20).optional(),
    cover: address.optional().meta({ description: "The address of a picture." }),
    tags: z.array(z.string().trim().min(1).max(100)).max(50).optional(),
    publishedAt: instant.optional(),
    passes: z.array(z.string().min(1).max(200)).max(50).optional().meta({
      description: "Skus of the passes and bundles that open it; replaces those that you named before.",
    }),
  })
  .meta({ id: "Article" });

const indexed = z
  .looseObject({
    sku: z.string(),
    url: z.string(),
    result: z.enum(["created", "updated", "unchanged", "kept"]).meta({
      description: "`kept`: it is a product that somebody wrote by hand, and nothing was changed.",
    }),
  })
  .meta({ id: "IndexedArticle" });

const known = z
  .looseObject({
    sku: z.string(),
    url: z.string(),
    title: z.string(),
    publisherContentId: z.string().optional(),
    section: z.string().optional(),
    publishedAt: instant.optional(),
    source: z.enum(SOURCES),
    indexedAt: instant,
    status: z.enum(["ACTIVE", "ARCHIVED"]),
  })
  .meta({ id: "KnownArticle" });

const contentSource = z
  .looseObject({
    key: z.string(),
    kind: z.enum(["sitemap", "feed"]),
    url: z.string(),
    section: z.string().optional(),
    everyMinutes: z.int(),
    status: z.enum(["ACTIVE", "DISABLED"]),
    pages: z.int().meta({ description: "What the last look found." }),
    error: z.string().optional().meta({ description: "Why the last look brought nothing." }),
    checkedAt: instant.optional(),
    nextCheckAt: instant,
  })
  .meta({ id: "ContentSource" });

const signedLink = z
  .looseObject({
    id: z.string().optional().meta({ description: "Of a link whose uses are counted." }),
    url: z.string(),
    token: z.string(),
    expiresAt: instant,
    maxUses: z.int().optional(),
  })
  .meta({ id: "SignedLink" });

const linkUses = z
  .object({ id: z.string(), maxUses: z.int(), uses: z.int(), expiresAt: instant })
  .meta({ id: "SignedLinkUses" });

const TAG = "Management: content";
const URL = "https://lantern.example/a-story";

export const pushContent = management({
  id: "managementPushContent",
  method: "POST",
  path: "/management/content",
  tag: TAG,
  summary: "Makes articles known",
  description:
    "An article is recognised by its sku, its content id or its address, so one that has moved stays itself. What is left out stays as it is.",
  scope: "product:write",
  request: { body: z.object({ articles: z.array(article).min(1).max(100) }) },
  responses: { 200: z.array(indexed) },
  errors: [409],
  example: {
    request: {
      body: { articles: [{ url: URL, publisherContentId: "a-story", title: "A story", passes: ["all"] }] },
    },
    response: [{ sku: "article:a-story", url: URL, result: "created" }],
  },
});

export const listContent = management({
  id: "managementListContent",
  method: "GET",
  path: "/management/content",
  tag: TAG,
  summary: "The articles that are known, but for those written by hand",
  scope: "product:read",
  request: {
    query: z.object({ source: z.enum(SOURCES).optional(), search: z.string().max(200).optional() }),
  },
  paged: true,
  responses: { 200: z.array(known) },
  example: {
    request: { query: { source: "sitemap" } },
    response: [
      {
        sku: "article:a-story",
        url: URL,
        title: "A story",
        publisherContentId: "a-story",
        source: "sitemap",
        indexedAt: AT,
        status: "ACTIVE",
      },
    ],
  },
});

export const deleteContent = management({
  id: "managementDeleteContent",
  method: "DELETE",
  path: "/management/content/{sku}",
  tag: TAG,
  summary: "Takes an article off the index",
  description: "Whoever bought it keeps it. Announced again, it is there again.",
  scope: "product:write",
  request: { params: z.object({ sku: z.string() }) },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { sku: "article:a-story" } } },
});

export const listContentSources = management({
  id: "managementListContentSources",
  method: "GET",
  path: "/management/content-sources",
  tag: TAG,
  summary: "Sitemaps and feeds, and what the last look at each found",
  scope: "product:read",
  request: {},
  paged: true,
  responses: { 200: z.array(contentSource) },
  example: {
    request: {},
    response: [
      {
        key: "news",
        kind: "sitemap",
        url: "https://lantern.example/sitemap.xml",
        everyMinutes: 60,
        status: "ACTIVE",
        pages: 128,
        checkedAt: AT,
        nextCheckAt: LATER,
      },
    ],
  },
});

export const checkContentSource = management({
  id: "managementCheckContentSource",
  method: "POST",
  path: "/management/content-sources/{key}/check",
  tag: TAG,
  summary: "Has a sitemap or a feed looked at soon, from the beginning",
  scope: "product:write",
  request: { params: z.object({ key: z.string() }) },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { key: "news" } } },
});

export const createSignedLink = management({
  id: "managementCreateSignedLink",
  method: "POST",
  path: "/management/signed-links",
  tag: TAG,
  summary: "A link that opens a page without signing in",
  description:
    "With a `sku` it opens everything that the product covers: a pass's articles, for example. Uses are counted where the content proxy shows a page; whoever checks a token alone does not use it.",
  scope: "entitlement:write",
  request: {
    body: z.object({
      url: address.optional().meta({ description: "The page; a product's own without it." }),
      sku: z.string().min(1).max(200).optional(),
      publisherContentId: z.string().trim().min(1).max(200).optional(),
      seconds: z.int().min(60).max(86_400).default(14_400).meta({ description: "How long it lives." }),
      maxUses: z.int().min(1).max(1_000_000).optional(),
    }),
  },
  responses: { 201: signedLink },
  errors: [404],
  example: {
    request: { body: { url: URL, seconds: 3600, maxUses: 20 } },
    response: {
      id: idOf("sln"),
      url: `${URL}?token=ey…&se=1801386000000`,
      token: "ey…",
      expiresAt: AT,
      maxUses: 20,
    },
  },
});

export const getSignedLink = management({
  id: "managementGetSignedLink",
  method: "GET",
  path: "/management/signed-links/{id}",
  tag: TAG,
  summary: "How often a counted link has been used",
  scope: "entitlement:read",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: linkUses },
  errors: [404],
  example: {
    request: { params: { id: idOf("sln") } },
    response: { id: idOf("sln"), maxUses: 20, uses: 3, expiresAt: AT },
  },
});

export const contentEndpoints: readonly ManagementEndpoint[] = [
  pushContent,
  listContent,
  deleteContent,
  listContentSources,
  checkContentSource,
  createSignedLink,
  getSignedLink,
];
