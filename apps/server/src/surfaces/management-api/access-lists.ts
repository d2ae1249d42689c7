import * as wire from "@tollgate/protocol/management-api/access-lists";
import type * as z from "zod";
import {
  type AccessCode,
  type AccessListRecord,
  addGrant,
  addressOfUser,
  applyUpload,
  createAccessHooks,
  createAccessList,
  deleteGrant,
  type GrantRecord,
  getAccessList,
  getGrant,
  getUpload,
  issueCodes,
  listAccessLists,
  listCodes,
  listGrants,
  previewUpload,
  productOf,
  revokeCode,
  setHook,
  type Upload,
  updateAccessList,
  updateGrant,
  type WantedGrant,
} from "../../domains/access-lists/index.ts";
import { findBrowserClient, type Tenant } from "../../domains/tenants/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { invalid } from "../publisher-api/errors.ts";
import { missing } from "./missing.ts";
import type { Call, Operations } from "./operations.ts";

/** What is not there is told apart from what could not be asked. */
function nullWhenMissing(error: unknown): null {
  if (error instanceof AppError && error.status === 404) return null;
  throw error;
}

type Whose = Pick<Call, "tenant" | "mode">;

/** Publisher API §8.2: access lists, who is on them, and the ways by which people get there. */
export function accessListOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  const hooks = createAccessHooks(deps);

  /** @throws 403 for another vendor's list, 404 for none, and for one of the other mode: a test key lets nobody in */
  async function listOf({ tenant, mode }: Whose, id: string): Promise<AccessListRecord> {
    const found = await getAccessList(db, tenant.id, id).catch(nullWhenMissing);
    if (found?.mode !== mode) throw await missing(db, tenant, "accessList", id);
    return found;
  }

  operations
    .on(wire.listAccessLists, async ({ tenant, page }) =>
      mapPage(await listAccessLists(db, tenant.id, page), toList),
    )
    .on(wire.createAccessList, async ({ tenant, mode, now, body }) => {
      const values = { ...body, description: body.description ?? null, tenantId: tenant.id, mode };
      const excludeFromStats = body.excludeFromStats ?? false;
      return toList(
        await db.transaction((tx) => createAccessList(tx, deps, { ...values, excludeFromStats }, now)),
      );
    })
    .on(wire.getAccessList, async ({ tenant, mode, params }) =>
      toList(await listOf({ tenant, mode }, params.id)),
    )
    .on(wire.replaceAccessList, async ({ tenant, mode, now, params, body }) => {
      const { id } = await listOf({ tenant, mode }, params.id);
      const change = {
        ...body,
        description: body.description ?? null,
        excludeFromStats: body.excludeFromStats ?? false,
      };
      return toList(
        await db.transaction((tx) => updateAccessList(tx, deps, { tenantId: tenant.id, id, change }, now)),
      );
    })
    .on(wire.changeAccessList, async ({ tenant, mode, now, params, body }) => {
      const { id } = await listOf({ tenant, mode }, params.id);
      const change = sentOf(body) as Partial<AccessListRecord>;
      return toList(
        await db.transaction((tx) => updateAccessList(tx, deps, { tenantId: tenant.id, id, change }, now)),
      );
    })
    .on(wire.deleteAccessList, async ({ tenant, mode, now, params }) => {
      const { id } = await listOf({ tenant, mode }, params.id);
      const change = { status: "CANCELED" as const };
      await db.transaction((tx) => updateAccessList(tx, deps, { tenantId: tenant.id, id, change }, now));
    });

  operations
    .on(wire.listGrants, async ({ tenant, mode, params, query, page }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const email = query.email?.toLowerCase();
      return mapPage(
        await listGrants(db, { tenantId: tenant.id, listId, page, ...(email !== undefined && { email }) }),
        toGrant,
      );
    })
    .on(wire.createGrant, async ({ tenant, mode, now, params, body }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const wanted = await wantedOf(tenant, null, body);
      return toGrant(
        await db.transaction((tx) => addGrant(tx, deps, { tenantId: tenant.id, listId, wanted }, now)),
      );
    })
    .on(wire.getGrant, async ({ tenant, mode, params }) => toGrant(await grantOf({ tenant, mode }, params)))
    .on(wire.changeGrant, async ({ tenant, mode, now, params, body }) => {
      const grant = await grantOf({ tenant, mode }, params);
      const wanted = await wantedOf(tenant, grant, body);
      const ref = { tenantId: tenant.id, listId: grant.listId, id: grant.id };
      return toGrant(await db.transaction((tx) => updateGrant(tx, deps, { ...ref, wanted }, now)));
    })
    .on(wire.deleteGrant, async ({ tenant, mode, now, params }) => {
      const grant = await grantOf({ tenant, mode }, params);
      const ref = { tenantId: tenant.id, listId: grant.listId, id: grant.id };
      await db.transaction((tx) => deleteGrant(tx, deps, ref, now));
    });

  async function grantOf(
    { tenant, mode }: Whose,
    params: { id: string; grantId: string },
  ): Promise<GrantRecord> {
    const { id: listId } = await listOf({ tenant, mode }, params.id);
    try {
      return await getGrant(db, { tenantId: tenant.id, listId, id: params.grantId });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw await missing(db, tenant, "grant", params.grantId);
    }
  }

  type GrantBody = z.output<(typeof wire.changeGrant)["request"]["body"]>;

  /** What a grant should be: as it is, or empty, except for what was sent. @throws 400 */
  async function wantedOf(tenant: Tenant, was: GrantRecord | null, body: GrantBody): Promise<WantedGrant> {
    const sent = body.email?.toLowerCase();
    const email = body.userId ? await addressOfUser(db, tenant.id, body.userId, sent) : (sent ?? was?.email);
    if (email === undefined) throw invalid("email is required", "email");
    const sku = body.sku ?? was?.sku ?? "";
    const keeps = body.sku === undefined || body.sku === was?.sku;
    const poId = body.poId ?? (keeps ? (was?.optionId ?? "") : "");
    const startsAt = instantOf(body.startsAt, was?.startsAt);
    const endsAt = instantOf(body.endsAt, was?.endsAt);
    if (startsAt && endsAt && endsAt <= startsAt) throw invalid("endsAt must be after startsAt", "endsAt");
    const named = { firstName: body.firstName, lastName: body.lastName, phone: body.phone };
    const person = {
      ...was?.person,
      ...sentOf(named),
      ...sentOf({ deliveryAddress: body.deliveryAddress, billingAddress: body.billingAddress }),
    };
    return {
      email,
      ...(await productOf(db, tenant.id, { sku, poId })),
      status: body.status ?? was?.status ?? "ACTIVE",
      startsAt,
      endsAt,
      notes: sentOr(body.notes, was?.notes),
      publisherUserId: sentOr(body.publisherUserId, was?.publisherUserId) || null,
      publisherPurchaseId: sentOr(body.publisherPurchaseId, was?.publisherPurchaseId) || null,
      person: Object.fromEntries(Object.entries(person).filter(([, it]) => it !== null)),
      extra: sentOr(body.extraFields, was?.extra) ?? {},
      excludeFromStats: sentOr(body.excludeFromStats, was?.excludeFromStats) ?? false,
    };
  }

  operations
    .on(wire.uploadAccessList, async ({ tenant, mode, params, query, body }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const reading = {
        timeZone: tenant.timeZone,
        ...sentOf({ sku: query.sku, poId: query.poId }),
        ...(query.columns !== undefined && { columns: columnsOf(query.columns) }),
      };
      return toUpload(await previewUpload(deps, { tenantId: tenant.id, listId, text: body, reading }));
    })
    .on(wire.getAccessListUpload, async ({ tenant, mode, params }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      return toUpload(await getUpload(db, { tenantId: tenant.id, listId, id: params.uploadId }));
    })
    .on(wire.applyAccessListUpload, async ({ tenant, mode, now, params }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const ref = { tenantId: tenant.id, listId, id: params.uploadId };
      return toUpload(await db.transaction((tx) => applyUpload(tx, deps, ref, now)));
    });

  operations
    .on(wire.setAccessListHook, async ({ tenant, mode, now, params, body }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const { url, cacheSeconds, newSecret } = body;
      const hook = { url, cacheSeconds, ...(await productOf(db, tenant.id, body)) };
      const { secret } = await db.transaction((tx) =>
        setHook(tx, deps, { tenantId: tenant.id, listId, hook, newSecret }, now),
      );
      return { url, sku: body.sku, poId: body.poId, cacheSeconds, ...(secret !== null && { secret }) };
    })
    .on(wire.checkAccessListHook, async ({ tenant, mode, params, body }) => {
      const list = await listOf({ tenant, mode }, params.id);
      return { outcome: await hooks.probe(list, { email: body.email.toLowerCase(), userId: null }) };
    });

  operations
    .on(wire.createAccessCodes, async ({ tenant, mode, now, params, body }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      const { count, maxClaims } = body;
      const terms = {
        ...(await productOf(db, tenant.id, body)),
        days: body.days ?? null,
        endsAt: instantOf(body.endsAt),
        maxClaims,
        expiresAt: instantOf(body.expiresAt),
      };
      const made = await db.transaction((tx) =>
        issueCodes(tx, deps, { tenantId: tenant.id, listId, count, terms }, now),
      );
      const client = await findBrowserClient(db, tenant.id);
      const language = tenant.locale.slice(0, 2);
      return made.map(({ id, code }) => ({
        id,
        code,
        // Readers sign in for a site, so a vendor without one has no page for them here.
        ...(client && { link: `${deps.config.baseUrl}/claim/${language}/@${client.clientId}/${code}` }),
      }));
    })
    .on(wire.listAccessCodes, async ({ tenant, mode, params, page }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      return mapPage(await listCodes(db, { tenantId: tenant.id, listId, page }), (it) => toCode(listId, it));
    })
    .on(wire.revokeAccessCode, async ({ tenant, mode, now, params }) => {
      const { id: listId } = await listOf({ tenant, mode }, params.id);
      await db.transaction((tx) => revokeCode(tx, { tenantId: tenant.id, listId, id: params.codeId }, now));
    });
}

/** @throws 400 for what is no JSON object of texts */
function columnsOf(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === "object" &&
      value !== null &&
      Object.values(value).every((it) => typeof it === "string")
    )
      return value as Record<string, string>;
  } catch {
    // Said below.
  }
  throw invalid('columns must be JSON such as {"email":"E-post"}.', "columns");
}

const sentOf = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, it]) => it !== undefined)) as Partial<T>;

const sentOr = <T>(sent: T | null | undefined, was: T | null | undefined): T | null =>
  sent === undefined ? (was ?? null) : sent;

/** A day begins at midnight UTC. */
const instantOf = (sent: string | null | undefined, was?: Date | null): Date | null =>
  sent === undefined ? (was ?? null) : sent === null ? null : new Date(sent);

const present = <T extends object>(values: T) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, it]) =>
      it === null || it === undefined ? [] : [[name, it instanceof Date ? it.toISOString() : it]],
    ),
  );

const toList = (list: AccessListRecord) => ({
  id: list.id,
  name: list.name,
  ...present({ description: list.description }),
  type: list.type,
  status: list.status,
  excludeFromStats: list.excludeFromStats,
  ...(list.hook && {
    hook: {
      url: list.hook.url,
      sku: list.hook.sku,
      poId: list.hook.optionId ?? "",
      cacheSeconds: list.hook.cacheSeconds,
    },
  }),
  createdAt: list.createdAt.toISOString(),
  updatedAt: list.updatedAt.toISOString(),
});

const toGrant = (grant: GrantRecord) => ({
  id: grant.id,
  source: grant.listId,
  email: grant.email,
  sku: grant.sku,
  poId: grant.optionId ?? "",
  status: grant.status,
  ...present({
    userId: grant.userId,
    publisherUserId: grant.publisherUserId,
    publisherPurchaseId: grant.publisherPurchaseId,
    startsAt: grant.startsAt,
    endsAt: grant.endsAt,
    ...grant.person,
    notes: grant.notes,
    extraFields: Object.keys(grant.extra).length > 0 ? grant.extra : null,
  }),
  excludeFromStats: grant.excludeFromStats,
  createdAt: grant.createdAt.toISOString(),
  updatedAt: grant.updatedAt.toISOString(),
});

const toUpload = ({ id, listId, state, summary, createdAt, expiresAt, appliedAt }: Upload) => ({
  id,
  source: listId,
  state,
  ...summary,
  ...present({ createdAt, expiresAt, appliedAt }),
});

const toCode = (listId: string, { optionId, ...code }: AccessCode) => ({
  source: listId,
  poId: optionId ?? "",
  ...present(code),
});
