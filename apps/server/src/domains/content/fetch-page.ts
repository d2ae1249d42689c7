import type { Deps } from "../../platform/deps.ts";
import { createDns } from "../../platform/dns.ts";
import {
  createSafeFetch,
  OutboundFailed,
  refusalIn,
  type SafeFetch,
} from "../../platform/safe-fetch/index.ts";

export const PAGE_BYTES_MAX = 4 * 1024 * 1024;
const PAGE_MS = 10_000;
const PAGE_TYPES = /^(text\/html|application\/xhtml\+xml|text\/plain)\b/i;

export type FetchedPage =
  | { outcome: "fetched"; html: string; mayBeShared: boolean }
  /** `refused`: we do not go there, whoever asks. `failed`: the publisher's server has no page for us. */
  | { outcome: "refused" | "failed"; reason: string };

/** The way to publishers' pages, sitemaps and feeds; in a demonstration they may be on this machine. */
export const contentFetch = (deps: Pick<Deps, "config">): SafeFetch =>
  createSafeFetch({
    allowedOrigins: deps.config.contentAllowedOrigins,
    allowLoopback: deps.config.demo,
    lookup: createDns(deps.config.dnsServers).lookup,
  });

/** Whom a publisher finds in its logs. */
export const userAgentOf = (deps: Pick<Deps, "config">): string => `Tollgate/1.0 (+${deps.config.baseUrl})`;

/**
 * Reads a page of a publisher with the proof that it may be read. The proof goes along a redirect only to places that
 * `isTheirs` knows as the publisher's own; to others nothing goes.
 *
 * @param link the page's address with its token
 */
export async function fetchPage(
  fetch: SafeFetch,
  input: {
    link: string;
    userAgent: string;
    isTheirs: (url: URL) => Promise<boolean>;
    signal?: AbortSignal;
  },
): Promise<FetchedPage> {
  const headers = {
    accept: "text/html,application/xhtml+xml",
    "user-agent": input.userAgent,
    "x-sesamy-signed-url": input.link,
  };
  try {
    const answer = await fetch.stream({
      url: input.link,
      headers,
      timeoutMs: PAGE_MS,
      maxResponseBytes: PAGE_BYTES_MAX,
      ...(input.signal && { signal: input.signal }),
      follow: async (next) => ((await input.isTheirs(next)) ? headers : null),
    });
    const type = String(answer.headers["content-type"] ?? "");
    if (answer.status !== 200 || !PAGE_TYPES.test(type)) {
      answer.discard();
      const what = answer.status === 200 ? "no page but something else" : `status ${answer.status}`;
      return { outcome: "failed", reason: `The publisher's server answered ${what}.` };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return {
      outcome: "fetched",
      html: decodeText(Buffer.concat(chunks), type),
      mayBeShared: mayBeShared(answer.headers),
    };
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal) return { outcome: "refused", reason: refusal.message };
    if (error instanceof OutboundFailed) return { outcome: "failed", reason: error.message };
    return { outcome: "failed", reason: "The publisher's server did not answer in time, or not at all." };
  }
}

const META_CHARSET = /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]{1,40})/i;
const PROLOGUE_BYTES = 1024;

/** A page's text in the encoding that it names; UTF-8 when it names none that we know. */
export function decodeText(bytes: Buffer, contentType: string): string {
  const declared =
    /charset\s*=\s*"?([\w:.-]{1,40})/i.exec(contentType)?.[1] ??
    META_CHARSET.exec(bytes.subarray(0, PROLOGUE_BYTES).toString("latin1"))?.[1] ??
    "utf-8";
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Whether the publisher lets one reader's copy be shown to another. */
function mayBeShared(headers: Record<string, string | string[] | undefined>): boolean {
  const text = (name: string) => [headers[name] ?? ""].flat().join(", ");
  return (
    headers["set-cookie"] === undefined &&
    !/private|no-store|no-cache|max-age=0/i.test(text("cache-control")) &&
    !/\*|cookie|authorization|x-sesamy/i.test(text("vary"))
  );
}
