import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  createTally,
  deleteTally,
  findTally,
  listTallies,
  MAX_ITEMS,
  pushToTally,
  pushValues,
  type Reader,
  readerOf,
  replaceTally,
  type Tally,
  type TallyPolicies,
  type TallyScope,
} from "../../domains/readers/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readJson, slice } from "./body.ts";
import { known, type PublisherEnv, readerScope } from "./caller.ts";
import { noSuchResource } from "./errors.ts";

const item = z.union([z.string().max(1000), z.number()]);
const policies = z.object({
  ttl: z
    .number()
    .int()
    .min(1)
    .max(10 * 365 * 86_400)
    .optional(),
  maxItems: z.number().int().min(1).max(MAX_ITEMS).optional(),
  unique: z.boolean().optional(),
  overflow: z.enum(["fifo", "block"]).optional(),
  ipSessionSharing: z.boolean().optional(),
});
const id = z.string().min(1).max(200);
const draft = z.object({ value: z.array(item).max(MAX_ITEMS).optional(), policies: policies.optional() });
const push = z.object({
  value: z.union([item, z.array(item).max(MAX_ITEMS)]),
  policies: policies.optional(),
});

/** Publisher API §4.7: lists that a reader's pages keep and count with. */
export function tallyRoutes(deps: Deps): Hono<PublisherEnv> {
  /** The list that everybody behind one address shares, where the policies ask for it. */
  const sharedReader = (c: Context<PublisherEnv>): Reader | null =>
    known(c).kind === "anonymous"
      ? readerOf({ addressKey: deps.keys.pseudonym(c.get("clientAddress")).toString("base64url") })
      : null;

  /** Where this tally is or belongs; null for a browser of which nothing is kept. */
  const placeOf = async (
    c: Context<PublisherEnv>,
    tallyId: string,
    wanted?: TallyPolicies,
  ): Promise<TallyScope | null> => {
    const { reader, ...rest } = readerScope(deps, c);
    const shared = sharedReader(c);
    if (shared) {
      const scope = { ...rest, reader: shared };
      if (wanted?.ipSessionSharing || (await findTally(deps.db, scope, tallyId))) return scope;
    }
    return reader && { ...rest, reader };
  };

  return new Hono<PublisherEnv>()
    .get("/tallies", async (c) => {
      const { reader, ...rest } = readerScope(deps, c);
      const readers = [reader, sharedReader(c)].filter((it) => it !== null);
      const lists = await Promise.all(readers.map((it) => listTallies(deps.db, { ...rest, reader: it })));
      return slice(c, lists.flat().map(toWire));
    })
    .get("/tallies/:id", async (c) => {
      const tallyId = param(c, "id");
      const scope = await placeOf(c, tallyId);
      const tally = scope && (await findTally(deps.db, scope, tallyId));
      if (!tally) throw noSuchResource();
      return c.json(toWire(tally));
    })
    .post("/tallies", async (c) => {
      const body = check(draft.extend({ id }), await readJson(c));
      const scope = await placeOf(c, body.id, body.policies);
      const tally = scope
        ? await deps.db.transaction((tx) => createTally(tx, scope, body.id, body))
        : unkept(readerScope(deps, c).now, body.id, body.value ?? [], body.policies ?? {});
      return c.json(toWire(tally), 201);
    })
    .put("/tallies/:id", async (c) => {
      const tallyId = check(id, param(c, "id"));
      const body = check(draft, await readJson(c));
      const scope = await placeOf(c, tallyId, body.policies);
      const tally = scope
        ? await deps.db.transaction((tx) => replaceTally(tx, scope, tallyId, body))
        : unkept(readerScope(deps, c).now, tallyId, body.value ?? [], body.policies ?? {});
      return c.json(toWire(tally));
    })
    .delete("/tallies/:id", async (c) => {
      const tallyId = param(c, "id");
      const scope = await placeOf(c, tallyId);
      if (scope) await deps.db.transaction((tx) => deleteTally(tx, scope, tallyId));
      return c.body(null, 204);
    })
    .post("/tallies/:id/push", async (c) => {
      const tallyId = check(id, param(c, "id"));
      const body = check(push, await readJson(c));
      const values = Array.isArray(body.value) ? body.value : [body.value];
      const scope = await placeOf(c, tallyId, body.policies);
      if (!scope) return c.json(pushValues([], values, body.policies ?? {}));
      const tally = await deps.db.transaction((tx) =>
        pushToTally(tx, scope, tallyId, { values, policies: body.policies }),
      );
      return c.json(tally.value);
    });
}

/** What a browser without a lasting id sees of what it sent. */
const unkept = (now: Date, tallyId: string, value: Tally["value"], given: TallyPolicies): Tally => ({
  id: tallyId,
  value,
  policies: given,
  createdAt: now,
  updatedAt: now,
  expiresAt: null,
});

const toWire = (tally: Tally) => ({
  id: tally.id,
  value: tally.value,
  policies: tally.policies,
  createdAt: tally.createdAt.toISOString(),
  updatedAt: tally.updatedAt.toISOString(),
  ...(tally.expiresAt && { expiresAt: tally.expiresAt.toISOString() }),
});
