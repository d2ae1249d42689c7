import { addSeconds } from "../../platform/clock.ts";
import { sha256 } from "../../platform/crypto.ts";
import { json, type Queryable, sql } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

/** An authorization request that was found in order. */
export type AuthorizeRequest = {
  responseMode: "query" | "fragment" | "form_post" | "web_message";
  /** The raw string; codes are bound to it. */
  redirectUri: string;
  state: string | null;
  scope: string;
  nonce: string | null;
  codeChallenge: string | null;
  audience: string | null;
  organization: string | null;
  loginHint: string | null;
  locales: string | null;
};

/** A password that somebody chose for an account that they have yet to prove is theirs. */
export type ChosenPassword = { email: string; passwordHash: string };

export type LoginRequest = {
  tenantId: string;
  clientId: string;
  request: AuthorizeRequest & {
    /** A page of ours asked, at `redirectUri`: it needs no code. */
    ownPage?: boolean;
    chosen?: ChosenPassword;
    /** Whom the page asks about; phones throw pages away while their owner looks for a code in the mail. */
    email?: string;
  };
};

const LIFETIME_SECONDS = 3600;

/** Keeps a request while somebody signs in. The returned secret works in the browser that holds `browser` alone. */
export async function keepLoginRequest(
  q: Queryable,
  deps: Pick<Deps, "clock" | "random">,
  input: LoginRequest & { browser: string },
): Promise<string> {
  const secret = deps.random.bytes(32).toString("base64url");
  await q.execute(sql`
    insert into login_requests (hash, tenant_id, client_id, browser_hash, request, expires_at)
    values (${sha256(secret)}, ${input.tenantId}, ${input.clientId}, ${sha256(input.browser)}, ${json(input.request)},
      ${addSeconds(deps.clock.now(), LIFETIME_SECONDS)})`);
  return secret;
}

/** The request behind a login page's address, or null: unknown, over, or begun in another browser. */
export const findLoginRequest = (
  q: Queryable,
  deps: Pick<Deps, "clock">,
  input: { secret: string; browser: string },
): Promise<LoginRequest | null> =>
  q.maybeOne<LoginRequest>(sql`
    select tenant_id "tenantId", client_id "clientId", request from login_requests
    where hash = ${sha256(input.secret)} and browser_hash = ${sha256(input.browser)} and expires_at > ${deps.clock.now()}`);

/** Keeps the address that was typed, for a page that is shown again. */
export const keepTypedEmail = (q: Queryable, secret: string, email: string): Promise<number> =>
  q.execute(sql`
    update login_requests set request = request || ${json({ email })} where hash = ${sha256(secret)}`);

/** Keeps a password with the request, so that it starts to work in this browser or not at all. */
export const keepChosenPassword = (q: Queryable, secret: string, chosen: ChosenPassword): Promise<number> =>
  q.execute(sql`
    update login_requests set request = request || ${json({ chosen })} where hash = ${sha256(secret)}`);

/** The request is answered; its address leads nowhere from now on. */
export const endLoginRequest = (q: Queryable, secret: string): Promise<number> =>
  q.execute(sql`delete from login_requests where hash = ${sha256(secret)}`);
