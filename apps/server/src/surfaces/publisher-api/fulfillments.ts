import { Hono } from "hono";
import { z } from "zod";
import {
  type Fulfillment,
  listFulfillments,
  orderDelivery,
  requestDelivery,
} from "../../domains/fulfillments/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson, slice } from "./body.ts";
import type { PublisherEnv } from "./caller.ts";
import { noSuchResource } from "./errors.ts";
import { answerOnce } from "./idempotency.ts";
import { ownStatements } from "./own-statements.ts";

const name = z.string().trim().min(1).max(200);
const order = z.object({ sku: name, itemId: name });
const request = z.object({ sku: name.optional() });

/** Publisher API §4.6: goods on their way to a reader. */
export function fulfillmentRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/fulfillments", async (c) => {
      const { scope } = await ownStatements(deps, c);
      const all = await listFulfillments(deps.db, scope, c.req.query("sku") ?? null);
      return slice(c, all.map(fulfillmentToWire));
    })
    .post("/fulfillments", async (c) => {
      const { scope, now } = await ownStatements(deps, c);
      const asked = check(order, await readJson(c));
      return answerOnce(deps, c, { body: asked, creates: true }, async () => {
        const ordered = await deps.db.transaction((tx) => orderDelivery(tx, deps, scope, { ...asked, now }));
        if (!ordered) throw noSuchResource();
        return { status: ordered.isNew ? 201 : 200, body: fulfillmentToWire(ordered.fulfillment) };
      });
    })
    .post("/fulfillments/:itemId/request-delivery", async (c) => {
      const { scope, now } = await ownStatements(deps, c);
      const itemId = param(c, "itemId");
      const { sku } = check(request, await readJson(c));
      const item = { itemId, sku: sku ?? null, now };
      return answerOnce(deps, c, { body: [itemId, sku ?? null], creates: false }, async () => {
        const requested = await deps.db.transaction((tx) => requestDelivery(tx, deps, scope, item));
        if (!requested) throw noSuchResource();
        return { status: 204, body: null };
      });
    });
}

/** A delivery as the publisher wire has it. */
export const fulfillmentToWire = (it: Fulfillment) => ({
  id: it.id,
  itemId: it.itemId,
  numericId: it.num,
  sku: it.sku,
  title: it.title,
  status: it.state.toUpperCase(),
  deliveryProvider: it.provider,
  copies: it.copies,
  createdAt: it.createdAt.toISOString(),
  updatedAt: it.updatedAt.toISOString(),
  ...(it.deliversAt && { deliversAt: it.deliversAt.toISOString() }),
  ...(it.cover !== null && { cover: it.cover }),
});
