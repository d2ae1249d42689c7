import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { email, id, instant } from "./scalars.ts";

const LIST_TYPES = [
  "CSV_FILE_OLD",
  "CSV_FILE",
  "CSV_TRANSACTIONS",
  "CLAIMED",
  "MANUAL",
  "HOOK",
  "BASIC_API",
] as const;

const hook = z
  .object({
    url: z.string().max(2000).meta({ description: "Asked with POST; https, on the public internet." }),
    sku: z.string().min(1).max(200).meta({ description: "What a yes gives access to." }),
    poId: z.string().max(200).default(""),
    cacheSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(3600)
      .meta({ description: "For how long an answer is used again, and a yes gives access." }),
  })
  .meta({ id: "AccessListHook" });

export const accessList = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    type: z.enum(LIST_TYPES),
    status: z.enum(["DRAFT", "ACTIVE", "CANCELED"]),
    excludeFromStats: z.boolean(),
    hook: hook.optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "AccessList" });

const listBody = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000).nullish(),
  type: z.enum(LIST_TYPES),
  status: z.enum(["DRAFT", "ACTIVE", "CANCELED"]),
  excludeFromStats: z.boolean().optional(),
});

const address = z
  .object({
    street: z.string().max(200),
    city: z.string().max(200),
    zip: z.string().max(40),
    country: z.string().max(60),
    co: z.string().max(200),
  })
  .partial()
  .meta({ id: "GrantAddress" });

const instantOrDay = z.union([instant, z.iso.date()], { error: "must be an instant or a day" });

const grantFields = {
  email: email.meta({ description: "Whoever proves that it is theirs has the right." }),
  sku: z.string().min(1).max(200),
  poId: z.string().max(200).meta({ description: "A purchase option of the product; empty for none." }),
  status: z.enum(["ACTIVE", "INACTIVE", "CANCELED"]),
  userId: z.string().max(100).nullish(),
  publisherUserId: z.string().max(200).nullish(),
  publisherPurchaseId: z.string().max(200).nullish().meta({ description: "Unique within the list." }),
  startsAt: instantOrDay.nullish(),
  endsAt: instantOrDay.nullish(),
  firstName: z.string().max(200).nullish(),
  lastName: z.string().max(200).nullish(),
  phone: z.string().max(60).nullish(),
  deliveryAddress: address.nullish(),
  billingAddress: address.nullish(),
  notes: z.string().max(5000).nullish(),
  extraFields: z
    .record(z.string().max(100), z.string().max(2000))
    .refine((it) => Object.keys(it).length <= 50, "must have at most 50 fields")
    .nullish(),
  excludeFromStats: z.boolean().nullish(),
};

const grantBody = z.object(grantFields);
/** Fields that are not sent stay as they are; null takes one away. */
const grantChange = z.object(grantFields).partial();

export const accessGrant = z
  .looseObject({
    id: z.string(),
    source: z.string().meta({ description: "The list's id." }),
    email: z.string(),
    sku: z.string(),
    poId: z.string(),
    status: z.enum(["ACTIVE", "INACTIVE", "CANCELED"]),
    userId: z.string().optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "AccessGrant" });

const sample = z.object({
  email: z.string(),
  sku: z.string(),
  publisherPurchaseId: z.string().nullable(),
  line: z.int().nullable(),
});

export const accessListUpload = z
  .object({
    id: z.string(),
    source: z.string(),
    state: z.enum(["previewed", "applied"]),
    columns: z.array(z.string()),
    rows: z.int(),
    counts: z.object({
      added: z.int(),
      changed: z.int(),
      removed: z.int(),
      unchanged: z.int(),
      errors: z.int(),
    }),
    samples: z.object({ added: z.array(sample), changed: z.array(sample), removed: z.array(sample) }),
    errors: z.array(z.object({ line: z.int(), message: z.string() })),
    createdAt: instant,
    expiresAt: instant,
    appliedAt: instant.optional(),
  })
  .meta({ id: "AccessListUpload" });

const accessCode = z
  .object({
    id: z.string(),
    source: z.string(),
    last4: z.string(),
    sku: z.string(),
    poId: z.string(),
    days: z.int().optional(),
    endsAt: instant.optional(),
    maxClaims: z.int(),
    claims: z.int(),
    expiresAt: instant.optional(),
    revokedAt: instant.optional(),
    createdAt: instant,
  })
  .meta({ id: "AccessCode" });

const codesBody = z.object({
  count: z.int().min(1).max(1000).default(1),
  sku: z.string().min(1).max(200),
  poId: z.string().max(200).default(""),
  days: z.int().min(1).max(3660).nullish().meta({ description: "How long a claim lasts." }),
  endsAt: instant.nullish().meta({ description: "When all claims end." }),
  maxClaims: z
    .int()
    .min(1)
    .max(100_000)
    .default(1)
    .meta({ description: "Readers, each of whom claims once." }),
  expiresAt: instant.nullish().meta({ description: "Until when it may be claimed." }),
});

const EXAMPLE_ID = "src_01K9ZJ3V6Q8R2T4W6Y8A0C2E4G";
const EXAMPLE_AT = "2027-01-31T08:00:00.000Z";
const LIST_EXAMPLE = {
  id: EXAMPLE_ID,
  name: "Print subscribers",
  type: "CSV_FILE",
  status: "ACTIVE",
  excludeFromStats: false,
  createdAt: EXAMPLE_AT,
  updatedAt: EXAMPLE_AT,
};
const GRANT_EXAMPLE = {
  id: "grant_01K9ZJ3V6Q8R2T4W6Y8A0C2E4H",
  source: EXAMPLE_ID,
  email: "reader@lantern.example",
  sku: "all",
  poId: "",
  status: "ACTIVE",
  publisherPurchaseId: "A-1001",
  createdAt: EXAMPLE_AT,
  updatedAt: EXAMPLE_AT,
};
const UPLOAD_EXAMPLE = {
  id: "job_01K9ZJ3V6Q8R2T4W6Y8A0C2E4J",
  source: EXAMPLE_ID,
  state: "previewed",
  columns: ["email", "publisherPurchaseId", "endsAt"],
  rows: 2,
  counts: { added: 1, changed: 0, removed: 1, unchanged: 1, errors: 0 },
  samples: {
    added: [{ email: "new@lantern.example", sku: "all", publisherPurchaseId: "A-1002", line: 3 }],
    changed: [],
    removed: [{ email: "gone@lantern.example", sku: "all", publisherPurchaseId: "A-0999", line: null }],
  },
  errors: [],
  createdAt: EXAMPLE_AT,
  expiresAt: "2027-02-01T08:00:00.000Z",
};

const tag = "Management: access lists";
const read = "access-list:read" as const;
const write = "access-list:write" as const;
const ofList = z.object({ id: id("The list's `src_…` id.") });
const ofGrant = ofList.extend({ grantId: id("The grant's `grant_…` id.") });
const listParams = { id: EXAMPLE_ID };
const grantParams = { ...listParams, grantId: GRANT_EXAMPLE.id };
const { id: _listId, createdAt: _c, updatedAt: _u, ...LIST_BODY } = LIST_EXAMPLE;

export const listAccessLists = management({
  id: "managementListAccessLists",
  method: "GET",
  path: "/management/access-lists",
  tag,
  summary: "Access lists",
  scope: read,
  request: {},
  paged: true,
  responses: { 200: z.array(accessList) },
  example: { request: {}, response: [LIST_EXAMPLE] },
});

export const createAccessList = management({
  id: "managementCreateAccessList",
  method: "POST",
  path: "/management/access-lists",
  tag,
  summary: "Make an access list",
  scope: write,
  request: { body: listBody },
  responses: { 201: accessList },
  errors: [400],
  example: { request: { body: LIST_BODY }, response: LIST_EXAMPLE },
});

export const getAccessList = management({
  id: "managementGetAccessList",
  method: "GET",
  path: "/management/access-lists/{id}",
  tag,
  summary: "An access list",
  scope: read,
  request: { params: ofList },
  responses: { 200: accessList },
  errors: [404],
  example: { request: { params: listParams }, response: LIST_EXAMPLE },
});

export const replaceAccessList = management({
  id: "managementReplaceAccessList",
  method: "PUT",
  path: "/management/access-lists/{id}",
  tag,
  summary: "Give an access list other values",
  description: "What is not sent goes back to its default. `CANCELED` ends everybody's right.",
  scope: write,
  request: { params: ofList, body: listBody },
  responses: { 200: accessList },
  errors: [400, 404],
  example: { request: { params: listParams, body: LIST_BODY }, response: LIST_EXAMPLE },
});

export const changeAccessList = management({
  id: "managementChangeAccessList",
  method: "PATCH",
  path: "/management/access-lists/{id}",
  tag,
  summary: "Change some of an access list",
  scope: write,
  request: { params: ofList, body: listBody.partial() },
  responses: { 200: accessList },
  errors: [400, 404],
  example: { request: { params: listParams, body: { status: "CANCELED" } }, response: LIST_EXAMPLE },
});

export const deleteAccessList = management({
  id: "managementDeleteAccessList",
  method: "DELETE",
  path: "/management/access-lists/{id}",
  tag,
  summary: "End an access list",
  description:
    "Everybody on it loses what it gave, at once. The list stays to be read, as `CANCELED`, so that what was can be explained; it may be made `ACTIVE` again.",
  scope: write,
  request: { params: ofList },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: listParams } },
});

export const listGrants = management({
  id: "managementListGrants",
  method: "GET",
  path: "/management/access-lists/{id}/grants",
  tag,
  summary: "Who is on an access list",
  scope: read,
  request: { params: ofList, query: z.object({ email: z.string().max(254).optional() }) },
  paged: true,
  responses: { 200: z.array(accessGrant) },
  errors: [404],
  example: { request: { params: listParams }, response: [GRANT_EXAMPLE] },
});

export const createGrant = management({
  id: "managementCreateGrant",
  method: "POST",
  path: "/management/access-lists/{id}/grants",
  tag,
  summary: "Put somebody on an access list",
  description:
    "In an active list, and between `startsAt` and `endsAt`, whoever has proved the address has an entitlement of origin EXTERNAL. Somebody unknown gets it with their first proven sign-in.",
  scope: write,
  request: { params: ofList, body: grantBody },
  responses: { 201: accessGrant },
  errors: [400, 404, 409],
  example: {
    request: {
      params: listParams,
      body: { email: "reader@lantern.example", sku: "all", poId: "", status: "ACTIVE" },
    },
    response: GRANT_EXAMPLE,
  },
});

export const getGrant = management({
  id: "managementGetGrant",
  method: "GET",
  path: "/management/access-lists/{id}/grants/{grantId}",
  tag,
  summary: "A grant",
  scope: read,
  request: { params: ofGrant },
  responses: { 200: accessGrant },
  errors: [404],
  example: { request: { params: grantParams }, response: GRANT_EXAMPLE },
});

export const changeGrant = management({
  id: "managementChangeGrant",
  method: "PUT",
  path: "/management/access-lists/{id}/grants/{grantId}",
  tag,
  summary: "Change a grant",
  description: "Fields that are not sent stay as they are; null takes one away.",
  scope: write,
  request: { params: ofGrant, body: grantChange },
  responses: { 200: accessGrant },
  errors: [400, 404, 409],
  example: { request: { params: grantParams, body: { status: "INACTIVE" } }, response: GRANT_EXAMPLE },
});

export const deleteGrant = management({
  id: "managementDeleteGrant",
  method: "DELETE",
  path: "/management/access-lists/{id}/grants/{grantId}",
  tag,
  summary: "Take somebody off an access list",
  scope: write,
  request: { params: ofGrant },
  responses: { 204: null },
  errors: [404, 409],
  example: { request: { params: grantParams } },
});

export const uploadAccessList = management({
  id: "managementUploadAccessList",
  method: "POST",
  path: "/management/access-lists/{id}/uploads",
  tag,
  summary: "Preview a CSV file",
  description:
    "Says what the file would add, change and make inactive; nothing happens before it is applied, within a day. Columns are found by the names of a grant's fields; others are kept as extra fields. At most 5,000,000 bytes, 20,000 rows and 64 columns, as UTF-8, UTF-16 or, when Content-Type names it, windows-1252.",
  scope: write,
  request: {
    params: ofList,
    query: z.object({
      sku: z.string().max(200).optional().meta({ description: "For rows that name none." }),
      poId: z.string().max(200).optional(),
      columns: z
        .string()
        .max(2000)
        .optional()
        .meta({ description: 'Which column is which field, as JSON: {"email":"E-post"}.' }),
    }),
    body: z.string(),
    media: "text/csv",
  },
  responses: { 201: accessListUpload },
  errors: [400, 404, 409, 413],
  example: {
    request: {
      params: listParams,
      query: { sku: "all" },
      body: "email,publisherPurchaseId\nnew@lantern.example,A-1002\n",
    },
    response: UPLOAD_EXAMPLE,
  },
});

const ofUpload = ofList.extend({ uploadId: id("The preview's `job_…` id.") });
const uploadParams = { ...listParams, uploadId: UPLOAD_EXAMPLE.id };

export const getAccessListUpload = management({
  id: "managementGetAccessListUpload",
  method: "GET",
  path: "/management/access-lists/{id}/uploads/{uploadId}",
  tag,
  summary: "A preview, or what became of it",
  scope: read,
  request: { params: ofUpload },
  responses: { 200: accessListUpload },
  errors: [404],
  example: { request: { params: uploadParams }, response: UPLOAD_EXAMPLE },
});

export const applyAccessListUpload = management({
  id: "managementApplyAccessListUpload",
  method: "POST",
  path: "/management/access-lists/{id}/uploads/{uploadId}/apply",
  tag,
  summary: "Make the list what the file says",
  description:
    "Refused with 409 when the list has changed since the preview, or the file has rows with errors.",
  scope: write,
  request: { params: ofUpload },
  responses: { 200: accessListUpload },
  errors: [404, 409],
  example: { request: { params: uploadParams }, response: { ...UPLOAD_EXAMPLE, state: "applied" } },
});

export const setAccessListHook = management({
  id: "managementSetAccessListHook",
  method: "PUT",
  path: "/management/access-lists/{id}/hook",
  tag,
  summary: "Say whom a HOOK list asks",
  description:
    "Questions are signed as webhooks are. The secret is in the first answer, and in that to `newSecret`, and is not shown again.",
  scope: write,
  request: { params: ofList, body: hook.extend({ newSecret: z.boolean().default(false) }) },
  responses: { 200: hook.extend({ secret: z.string().optional() }) },
  errors: [400, 404, 409],
  example: {
    request: { params: listParams, body: { url: "https://members.lantern.example/access", sku: "all" } },
    response: {
      url: "https://members.lantern.example/access",
      sku: "all",
      poId: "",
      cacheSeconds: 3600,
      secret: "whsec_…",
    },
  },
});

export const checkAccessListHook = management({
  id: "managementCheckAccessListHook",
  method: "POST",
  path: "/management/access-lists/{id}/hook/check",
  tag,
  summary: "Ask a HOOK list's system about an address",
  description: "For trying it out: nobody gets a right by this.",
  scope: write,
  request: { params: ofList, body: z.object({ email }) },
  responses: { 200: z.object({ outcome: z.enum(["yes", "no", "failed"]) }) },
  errors: [400, 404, 409],
  example: {
    request: { params: listParams, body: { email: "reader@lantern.example" } },
    response: { outcome: "yes" },
  },
});

export const createAccessCodes = management({
  id: "managementCreateAccessCodes",
  method: "POST",
  path: "/management/access-lists/{id}/codes",
  tag,
  summary: "Make claim codes",
  description: "Codes of a CLAIMED list. They are in this answer only.",
  scope: write,
  request: { params: ofList, body: codesBody },
  responses: {
    201: z.array(
      z.object({
        id: z.string(),
        code: z.string(),
        link: z.string().optional().meta({ description: "Where a reader signs in and claims it." }),
      }),
    ),
  },
  errors: [400, 404, 409],
  example: {
    request: { params: listParams, body: { count: 1, sku: "all", days: 30 } },
    response: [{ id: "clm_01K9ZJ3V6Q8R2T4W6Y8A0C2E4K", code: "7Q2M-0XK4-9HBC-1TRW" }],
  },
});

export const listAccessCodes = management({
  id: "managementListAccessCodes",
  method: "GET",
  path: "/management/access-lists/{id}/codes",
  tag,
  summary: "Claim codes and what became of them",
  scope: read,
  request: { params: ofList },
  paged: true,
  responses: { 200: z.array(accessCode) },
  errors: [404],
  example: {
    request: { params: listParams },
    response: [
      {
        id: "clm_01K9ZJ3V6Q8R2T4W6Y8A0C2E4K",
        source: EXAMPLE_ID,
        last4: "1TRW",
        sku: "all",
        poId: "",
        maxClaims: 1,
        claims: 0,
        createdAt: EXAMPLE_AT,
      },
    ],
  },
});

export const revokeAccessCode = management({
  id: "managementRevokeAccessCode",
  method: "DELETE",
  path: "/management/access-lists/{id}/codes/{codeId}",
  tag,
  summary: "End a claim code",
  description: "Whoever has claimed it keeps what they have.",
  scope: write,
  request: { params: ofList.extend({ codeId: id("The code's `clm_…` id.") }) },
  responses: { 204: null },
  errors: [404],
  example: { request: { params: { ...listParams, codeId: "clm_01K9ZJ3V6Q8R2T4W6Y8A0C2E4K" } } },
});

export const accessListEndpoints: readonly ManagementEndpoint[] = [
  listAccessLists,
  createAccessList,
  getAccessList,
  replaceAccessList,
  changeAccessList,
  deleteAccessList,
  listGrants,
  createGrant,
  getGrant,
  changeGrant,
  deleteGrant,
  uploadAccessList,
  getAccessListUpload,
  applyAccessListUpload,
  setAccessListHook,
  checkAccessListHook,
  createAccessCodes,
  listAccessCodes,
  revokeAccessCode,
];
