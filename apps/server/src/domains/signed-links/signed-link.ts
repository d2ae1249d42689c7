import { CompactSign, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { addSeconds } from "../../platform/clock.ts";
import type { Queryable } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { barePage, contentIdOfPage, coversPage, pageKey } from "../catalogue/index.ts";
import { listVaultKeys, openVaultKey, ownerOfVaultKey, vaultKey } from "./vault-keys.ts";

/** How long a link lives that follows from a purchase. */
export const LINK_SECONDS = 4 * 3600;
/** And no link lives longer than this. */
export const MAX_LINK_SECONDS = 24 * 3600;

/** What a signed link proves (publisher API §5.2). */
export type LinkClaims = {
  /** The page, or the pass, that may be read. */
  url: string;
  sku?: string;
  optionId?: string;
  publisherContentId?: string;
  /** Left out for a right that belongs to nobody in particular. */
  person?: { id: string; email?: string; name?: string };
  /** Names a link whose uses are counted (`countLink`). */
  countedId?: string;
  expiresAt: Date;
};

/**
 * Claims as JSON whose base64url holds neither `-` nor `_`, because readers' browsers decode it with a plain base64
 * decoder. In ASCII only `>`, `?`, `~` and DEL can make them.
 */
export const plainJson = (claims: object): string =>
  JSON.stringify(claims).replace(
    /[^\x20-\x7d]|[>?]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

type SignDeps = Pick<Deps, "clock" | "db" | "ids" | "keys">;

/**
 * Signs a token that opens one page, or the pages of one pass. `claims.expiresAt` is real time, because publishers' own
 * servers compare it with theirs.
 */
export async function signLinkToken(
  deps: SignDeps,
  tenantId: string,
  claims: LinkClaims,
): Promise<{ token: string; expiresAt: Date }> {
  const key = await vaultKey(deps, tenantId);
  const now = deps.clock.now();
  const latestMs = addSeconds(now, MAX_LINK_SECONDS).getTime();
  const expiresAt = new Date(Math.min(claims.expiresAt.getTime(), latestMs));
  const payload = {
    url: barePage(claims.url),
    s: claims.sku ?? "",
    p: claims.optionId ?? "",
    pid: claims.publisherContentId ?? "",
    ...(claims.person && { i: claims.person.id, e: claims.person.email, n: claims.person.name }),
    ...(claims.countedId !== undefined && { jti: claims.countedId }),
    iat: Math.floor(now.getTime() / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000),
  };
  const privateKey = await importJWK(openVaultKey(deps, key), "RS256");
  const token = await new CompactSign(Buffer.from(plainJson(payload)))
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.id })
    .sign(privateKey);
  return { token, expiresAt };
}

/** The page's address with its proof: `token`, and `se` in milliseconds for those that only look. */
export function linkTo(url: string, proof: { token: string; expiresAt: Date }): string {
  const link = new URL(url);
  for (const name of ["token", "sesamy-token", "se"]) link.searchParams.delete(name);
  link.searchParams.set("token", proof.token);
  link.searchParams.set("se", String(proof.expiresAt.getTime()));
  return link.href;
}

/** Signs an address of a vendor's page. */
export const signLink = async (deps: SignDeps, tenantId: string, claims: LinkClaims): Promise<string> =>
  linkTo(claims.url, await signLinkToken(deps, tenantId, claims));

export type VerifiedLink = {
  url: string;
  sku: string;
  optionId: string;
  publisherContentId: string;
  /** Set when the link's uses are counted. */
  countedId: string | null;
  expiresAt: Date;
};

/** What a token proves, or null for one that this tenant's keys did not sign, that was changed, or that is over. */
export async function verifyLinkToken(
  deps: Pick<Deps, "clock" | "db">,
  tenantId: string,
  token: string,
): Promise<VerifiedLink | null> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const jwk = (await listVaultKeys(deps.db, deps, tenantId)).find((key) => key.kid === kid);
    if (!jwk) return null;
    const options = { algorithms: ["RS256"], currentDate: deps.clock.now(), requiredClaims: ["exp", "url"] };
    const { payload } = await jwtVerify(token, await importJWK(jwk, "RS256"), options);
    const text = (value: unknown): string => (typeof value === "string" ? value : "");
    return {
      url: text(payload.url),
      sku: text(payload.s),
      optionId: text(payload.p),
      publisherContentId: text(payload.pid),
      countedId: payload.jti ?? null,
      expiresAt: new Date((payload.exp ?? 0) * 1000),
    };
  } catch {
    return null;
  }
}

/** As `verifyLinkToken`, for a token that comes without word of whose it is: its key says that. */
export async function resolveLinkToken(
  deps: Pick<Deps, "clock" | "db">,
  token: string,
): Promise<{ tenantId: string; link: VerifiedLink } | null> {
  let kid: string | undefined;
  try {
    ({ kid } = decodeProtectedHeader(token));
  } catch {
    return null;
  }
  const tenantId = typeof kid === "string" ? await ownerOfVaultKey(deps.db, kid) : null;
  const link = tenantId === null ? null : await verifyLinkToken(deps, tenantId, token);
  return tenantId !== null && link ? { tenantId, link } : null;
}

/** Whether a verified link is for this page. Queries are not compared: the claim has none. */
export const linkCovers = (link: VerifiedLink, url: string): boolean =>
  URL.canParse(url) && pageKey(link.url) !== null && pageKey(link.url) === pageKey(barePage(url));

/**
 * Whether a verified link opens this page: its own, or one of the product that it is for. A page that is known to hold
 * something else than the link's content is not its own, though only the query may differ.
 */
export async function linkOpens(
  q: Queryable,
  tenantId: string,
  link: VerifiedLink,
  url: string,
): Promise<boolean> {
  if (linkCovers(link, url)) {
    const held = link.publisherContentId === "" ? null : await contentIdOfPage(q, tenantId, url);
    if (held === null || held === link.publisherContentId) return true;
  }
  return coversPage(q, tenantId, { url, sku: link.sku });
}
