import type { Context } from "hono";
import { sha256 } from "../../platform/crypto.ts";
import type { Deps } from "../../platform/deps.ts";
import { once } from "../../platform/idempotency.ts";
import { known, type PublisherEnv } from "./caller.ts";
import { invalid } from "./errors.ts";

const KEPT_SECONDS = 24 * 3600;
const SAME_BYTES_SECONDS = 10;
const KEY = /^[\x21-\x7e]{1,255}$/;

export type Repeatable = { status: 200 | 201 | 202 | 204; body: unknown };

/**
 * Answers a command, and every repeat of it, once (publisher API §2.8): by its `Idempotency-Key` for a day, and without
 * one, for commands that create something, by the bytes of its body for ten seconds. Keys are the caller's own and of
 * one path. A failure is not remembered.
 *
 * @throws 401 for nobody, 400 for a key that is none, 422 for one that came with another body before
 */
export async function answerOnce(
  deps: Pick<Deps, "clock" | "db" | "keys">,
  c: Context<PublisherEnv>,
  command: { body: unknown; creates: boolean },
  work: () => Promise<Repeatable>,
): Promise<Response> {
  const caller = known(c);
  const given = c.req.header("idempotency-key");
  if (given !== undefined && !KEY.test(given)) {
    throw invalid("An Idempotency-Key has 1 to 255 printable characters.", "idempotency-key");
  }
  const subject =
    caller.kind === "reader"
      ? caller.customer.id
      : caller.kind === "machine"
        ? caller.id
        : caller.anonymousId && `anonymous:${caller.anonymousId}`;
  const bytes = sha256(JSON.stringify(command.body ?? null)).toString("base64url");
  const key = given ?? (command.creates && subject ? `bytes:${bytes}` : null);
  if (key === null || !subject) return send(c, await work());
  const request = {
    tenantId: caller.tenant.id,
    scope: `publisher:${subject}:${c.req.method} ${c.req.path}`.slice(0, 1000),
    key,
    fingerprint: bytes,
    ttlSeconds: given === undefined ? SAME_BYTES_SECONDS : KEPT_SECONDS,
  };
  return send(c, await once(deps, request, work));
}

const send = (c: Context, { status, body }: Repeatable): Response =>
  status === 204 ? c.body(null, 204) : c.json(body as never, status);
