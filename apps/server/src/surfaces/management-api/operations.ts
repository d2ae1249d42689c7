import type { ManagementEndpoint } from "@tollgate/protocol/management-api/endpoint";
import { type Context, Hono } from "hono";
import type { z } from "zod";
import { CSV_LIMITS, decodeCsv } from "../../domains/access-lists/index.ts";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { type Tenant, tenantNow } from "../../domains/tenants/index.ts";
import { readBytes } from "../../http/body.ts";
import { sha256 } from "../../platform/crypto.ts";
import type { Page, PageRequest } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Mode } from "../../platform/events.ts";
import { forgetScopes, once } from "../../platform/idempotency.ts";
import { check, readText } from "../publisher-api/body.ts";
import type { PublisherEnv } from "../publisher-api/caller.ts";
import { invalid } from "../publisher-api/errors.ts";
import { allowed } from "./allowed.ts";
import { pageAnswered, pageRequested } from "./paging.ts";

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request that may be answered: who calls, for whom, and what was asked, checked against the endpoint's schemas. */
export type Call<E extends ManagementEndpoint = ManagementEndpoint> = {
  c: Context<PublisherEnv>;
  tenant: Tenant;
  /** The world that the call is about: that of its key, else that of the tenant's readers. */
  mode: Mode;
  /** The tenant's time. */
  now: Date;
  params: Output<E["request"]["params"]>;
  query: Output<E["request"]["query"]>;
  body: Output<E["request"]["body"]>;
  page: PageRequest;
};

/** A page for an endpoint that is `paged`, null for one that answers 204, else the answer's body. */
type Answer<E extends ManagementEndpoint> = E extends { paged: true | "from" } ? Page<unknown> : unknown;

const REMEMBERED_SECONDS = 24 * 3600;
/** Clients repeat a failed call by themselves; two equal creations so close together are one (publisher API §2.8). */
const SAME_CREATION_SECONDS = 10;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Mounts endpoints of the Management API's table, each with the operation that answers it. */
export class Operations {
  readonly routes = new Hono<PublisherEnv>();
  /** What was mounted; a test compares it with the published table. */
  readonly mounted: ManagementEndpoint[] = [];
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Checks credentials, then the request, then answers with what `answer` returns, in the endpoint's first status; a
   * `Response`, which only a read may return, goes out as it is.
   * A change with an `Idempotency-Key` happens once; its repeats get the first answer again.
   */
  on<const E extends ManagementEndpoint>(endpoint: E, answer: (call: Call<E>) => Promise<Answer<E>>): this {
    this.mounted.push(endpoint);
    const status = Number(Object.keys(endpoint.responses)[0]);
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1");
    this.routes.on(endpoint.method, path, async (c) => {
      const { tenant, id, mode } = allowed(c, endpoint.scope);
      const { params, query, body: schema, media } = endpoint.request;
      const text = schema || endpoint.method !== "GET" ? await textOf(c, media) : "";
      const sent = media ? text : parseJson(text);
      const call = {
        c,
        tenant,
        mode: mode ?? (await publisherMode(this.#deps.db, tenant.id)),
        now: tenantNow(this.#deps.clock, tenant),
        params: params && check(params, c.req.param()),
        query: query && check(query, c.req.query()),
        body: schema && check(schema, sent),
        page: endpoint.paged
          ? pageRequested(c, endpoint.paged === "from")
          : { limit: 0, offset: 0, after: null },
      } as Call<E>;
      const run = async () => {
        const result = await answer(call);
        return endpoint.paged ? pageAnswered(c, call.page, result as Page<unknown>) : result;
      };
      const result = await this.#once(c, endpoint, { tenant, callerId: id, text }, run);
      if (result instanceof Response) return result;
      c.header("vary", "Authorization, Cache-Timestamp");
      return status === 204 ? c.body(null, 204) : c.json(result as object, status as 200);
    });
    return this;
  }

  async #once(
    c: Context<PublisherEnv>,
    endpoint: ManagementEndpoint,
    { tenant, callerId, text }: { tenant: Tenant; callerId: string; text: string },
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    if (endpoint.method === "GET") return run();
    const own = c.req.header("idempotency-key");
    if (own !== undefined && !KEY.test(own)) {
      throw invalid("Idempotency-Key must be 1 to 255 visible characters.", "Idempotency-Key");
    }
    const fingerprint = [text, new URL(c.req.url).search];
    const creates = endpoint.method === "POST" && endpoint.responses[201] !== undefined;
    const key = own ?? (creates ? `same:${sha256(JSON.stringify(fingerprint)).toString("base64url")}` : null);
    const sameScope = `management-same:${callerId}:`;
    if (key === null) {
      const result = await run();
      // Whoever takes something away and makes it again means another one.
      if (endpoint.method === "DELETE") await forgetScopes(this.#deps.db, tenant.id, sameScope);
      return result;
    }
    let isFirst = false;
    const scope = `${own === undefined ? sameScope : `management:${callerId}:`}${endpoint.id}:${sha256(c.req.path).toString("base64url")}`;
    const ttlSeconds = own === undefined ? SAME_CREATION_SECONDS : REMEMBERED_SECONDS;
    const request = { tenantId: tenant.id, scope, key, fingerprint, ttlSeconds };
    const { result } = await once(this.#deps, request, async () => {
      isFirst = true;
      return { result: await run() };
    });
    if (isFirst && endpoint.method === "DELETE") await forgetScopes(this.#deps.db, tenant.id, sameScope);
    if (!isFirst) c.header("idempotent-replayed", "true");
    return result;
  }
}

const BODY_BYTES_MAX = 1024 * 1024;

/** Spreadsheets save files in encodings of their own; everything else is UTF-8. */
async function textOf(c: Context, media: ManagementEndpoint["request"]["media"]): Promise<string> {
  if (media !== "text/csv") return readText(c, BODY_BYTES_MAX);
  const charset = /charset="?([\w-]+)/i.exec(c.req.header("content-type") ?? "")?.[1];
  return decodeCsv(await readBytes(c, CSV_LIMITS.bytes), charset);
}

/** @throws 400 for what is not JSON; an empty body is none. */
function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}
