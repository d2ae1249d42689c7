import { json, sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { defineErrors } from "../../platform/errors.ts";
import { checkAccess } from "../entitlements/index.ts";
import { findProfile } from "../identity/index.ts";
import { recordFulfillmentEvent } from "./events.ts";
import {
  type Fulfillment,
  type FulfillmentState,
  type FulfillmentTerms,
  isRequestable,
  mayBecome,
} from "./fulfillment.ts";
import { type FulfillmentScope, lockFulfillment, lockItem } from "./queries.ts";

export const fulfillmentErrors = defineErrors({
  already_requested: { status: 409, message: "This delivery was requested already." },
  too_many_deliveries: { status: 409, message: "No more deliveries of this can be requested." },
  impossible_move: { status: 409, message: "This delivery cannot go from where it is to there." },
});

type RequestDeps = Pick<Deps, "clock" | "ids" | "jobs">;
type Item = { itemId: string; sku: string | null; now: Date };

/**
 * Asks for a delivery that a customer has coming, to their address as it is now. Null when they have no such item.
 * @throws `already_requested` (409) for one that was asked for, sent or called off
 */
export async function requestDelivery(
  tx: Tx,
  deps: RequestDeps,
  scope: FulfillmentScope,
  item: Item,
): Promise<Fulfillment | null> {
  const found = await lockItem(tx, scope, item);
  if (!found) return null;
  if (!isRequestable(found.state)) throw fulfillmentErrors.already_requested();
  const address = await addressOf(tx, scope);
  await tx.execute(sql`
    update fulfillments set state = 'requested', requested_at = ${item.now}, updated_at = ${item.now},
      address = ${address && json(address)}
    where id = ${found.id}`);
  await recordFulfillmentEvent(tx, deps, found.id, "fulfillment.requested", item.now);
  return lockFulfillment(tx, scope.tenantId, found.id);
}

const addressOf = async (tx: Tx, { tenantId, customerId }: FulfillmentScope) => {
  const profile = await findProfile(tx, tenantId, customerId);
  return profile?.deliveryAddress ?? profile?.billingAddress ?? null;
};

/** What one customer may have under way of one product; a reader names the items themselves. */
const MAX_OPEN = 20;

/**
 * Orders a delivery: of an item that a customer has coming, or of a product that is delivered on request to whoever has
 * it. Asked again for the same item, it answers what it answered, whatever has become of it. Null when there is nothing
 * to deliver: no such product, none that is delivered so, or no right to it.
 *
 * @throws `too_many_deliveries` (409) while twenty of it are under way
 */
export async function orderDelivery(
  tx: Tx,
  deps: RequestDeps,
  scope: FulfillmentScope,
  item: Item & { sku: string },
): Promise<{ fulfillment: Fulfillment; isNew: boolean } | null> {
  const { tenantId, mode, customerId } = scope;
  // Two orders of one reader take turns: rows that are not there yet cannot be locked.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`fulfillment:${customerId}`}, 0))`);
  const coming = await lockItem(tx, scope, item);
  if (coming && !isRequestable(coming.state)) return { fulfillment: coming, isNew: false };
  if (coming) {
    const requested = await requestDelivery(tx, deps, scope, item);
    return requested && { fulfillment: requested, isNew: false };
  }
  const product = await tx.maybeOne<{ id: string; terms: FulfillmentTerms }>(sql`
    select id, fulfillment terms from products
    where tenant_id = ${tenantId} and sku = ${item.sku} and state = 'active' and fulfillment->>'each' = 'request'`);
  if (!product) return null;
  const right = await checkAccess(tx, { tenantId, mode, customerId, now: item.now, productId: product.id });
  if (!right.granted) return null;
  const { open } = await tx.one<{ open: number }>(sql`
    select count(*) open from fulfillments
    where customer_id = ${customerId} and product_id = ${product.id} and state in ('requested', 'scheduled', 'pending')`);
  if (open >= MAX_OPEN) throw fulfillmentErrors.too_many_deliveries();
  const id = deps.ids.next("fulfillment");
  const address = await addressOf(tx, scope);
  await tx.execute(sql`
    insert into fulfillments (id, tenant_id, mode, customer_id, product_id, item_id, state, provider, copies, address,
      requested_at, created_at, updated_at)
    values (${id}, ${tenantId}, ${mode}, ${customerId}, ${product.id}, ${item.itemId}, 'requested',
      ${product.terms.provider}, ${product.terms.copies}, ${address && json(address)}, ${item.now}, ${item.now},
      ${item.now})`);
  await recordFulfillmentEvent(tx, deps, id, "fulfillment.created", item.now);
  const fulfillment = await lockFulfillment(tx, tenantId, id);
  return fulfillment && { fulfillment, isNew: true };
}

/**
 * Says how a delivery goes on, in the vendor's or its provider's name. Where it is already changes nothing. Null for one
 * that is unknown or another tenant's.
 *
 * @throws `impossible_move` (409)
 */
export async function moveFulfillment(
  tx: Tx,
  deps: RequestDeps,
  input: { tenantId: string; id: string; to: FulfillmentState; tracking?: string | null; now: Date },
): Promise<Fulfillment | null> {
  const { tenantId, id, to, now } = input;
  const found = await lockFulfillment(tx, tenantId, id);
  if (!found) return null;
  if (found.state === to) return found;
  if (!mayBecome(found.state, to)) throw fulfillmentErrors.impossible_move();
  await tx.execute(sql`
    update fulfillments set state = ${to}, tracking = coalesce(${input.tracking ?? null}, tracking), updated_at = ${now}
    where id = ${id}`);
  await recordFulfillmentEvent(tx, deps, id, `fulfillment.${to}`, now);
  return lockFulfillment(tx, tenantId, id);
}
