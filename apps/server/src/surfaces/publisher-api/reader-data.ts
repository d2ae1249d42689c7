import { Hono } from "hono";
import { z } from "zod";
import {
  addTag,
  listTags,
  readMetadata,
  removeMetadata,
  removeTag,
  setMetadata,
} from "../../domains/readers/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check, param, readText, slice } from "./body.ts";
import { type PublisherEnv, readerScope } from "./caller.ts";
import { invalid } from "./errors.ts";

const tagBody = z.object({ tag: z.string() });

/** Publisher API §4.8 and §4.9: a reader's tags, and small values kept by key. */
export function readerDataRoutes(deps: Deps): Hono<PublisherEnv> {
  return new Hono<PublisherEnv>()
    .get("/tags", async (c) => {
      const { tenantId, reader } = readerScope(deps, c);
      return slice(c, reader ? await listTags(deps.db, { tenantId, reader }) : []);
    })
    .post("/tags", async (c) => {
      const { reader, ...scope } = readerScope(deps, c);
      const tag = tagIn(await readText(c));
      if (reader) await deps.db.transaction((tx) => addTag(tx, { ...scope, reader }, tag));
      return c.body(null, 204);
    })
    .delete("/tags/:tag", async (c) => {
      const { tenantId, reader } = readerScope(deps, c);
      const tag = param(c, "tag");
      if (reader) await deps.db.transaction((tx) => removeTag(tx, { tenantId, reader }, tag));
      return c.body(null, 204);
    })
    .get("/user-metadata", async (c) => {
      const { tenantId, reader } = readerScope(deps, c);
      return c.json(reader ? await readMetadata(deps.db, { tenantId, reader }) : {});
    })
    .put("/user-metadata/:key", async (c) => {
      const { reader, ...scope } = readerScope(deps, c);
      const key = param(c, "key");
      const value = metadataIn(await readText(c, 8192));
      if (reader) await deps.db.transaction((tx) => setMetadata(tx, { ...scope, reader }, key, value));
      return c.body(null, 204);
    })
    .delete("/user-metadata/:key", async (c) => {
      const { tenantId, reader } = readerScope(deps, c);
      const key = param(c, "key");
      if (reader) await deps.db.transaction((tx) => removeMetadata(tx, { tenantId, reader }, key));
      return c.body(null, 204);
    });
}

/** `{"tag":"x y"}` as the SDK sends it, or the bare, percent-encoded text of the browser client. */
function tagIn(text: string): string {
  const json = parsed(text);
  if (typeof json === "object" && json !== null) return check(tagBody, json).tag;
  try {
    return decodeURIComponent(typeof json === "string" ? json : text);
  } catch {
    throw invalid("The tag is not percent-encoded text.", "tag");
  }
}

/** The text as it came, so that `42` and `true` come back unchanged; only objects and arrays are kept as such. */
export function metadataIn(text: string): unknown {
  return /^\s*[[{]/.test(text) ? (parsed(text) ?? text) : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
