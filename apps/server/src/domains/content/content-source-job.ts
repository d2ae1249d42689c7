import { pipeline, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { addSeconds } from "../../platform/clock.ts";
import type { Deps } from "../../platform/deps.ts";
import type { Job } from "../../platform/jobs.ts";
import { OutboundFailed, refusalIn, type SafeFetch } from "../../platform/safe-fetch/index.ts";
import { findTenant, ownerOfHost, tenantNow } from "../tenants/index.ts";
import { contentFetch, userAgentOf } from "./fetch-page.ts";
import { indexPages } from "./index-pages.ts";
import { createIndexReader, type FoundPage, type IndexFile } from "./read-index-file.ts";
import {
  type ContentSource,
  claimSource,
  finishLook,
  releaseSource,
  SOURCE_JOB,
  type Validator,
} from "./sources.ts";

/** What the sitemap protocol allows a file to be. */
const FILE_BYTES_MAX = 50 * 1024 * 1024;
const FILE_MS = 60_000;
/** Less than the time for which a source is claimed. */
const LOOK_MS = 10 * 60_000;
/** How long one run waits for a look before it lets the scheduler have its say. */
const RUN_MS = 250;
const MAX_PAGES = 50_000;
const MAX_FILES = 50;
const BATCH = 500;
const LONGEST_PAUSE_MINUTES = 24 * 60;

/** A look that brought nothing, in a sentence for the publisher. */
class LookFailed extends Error {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 0) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type FileAnswer = { file: IndexFile | null; validator: Validator };

/**
 * Looks at publishers' sitemaps and feeds when they are due, one after the other and never twice at once, and makes
 * their articles known. A file that has not changed is not sent again; a server in trouble is left alone for longer
 * each time. A look outlives the run that began it, so that a slow server holds up nobody.
 */
export function contentSourceJob(deps: Deps): Job {
  const fetch = contentFetch(deps);
  const stop = new AbortController();
  let looking: Promise<void> | null = null;
  return {
    name: SOURCE_JOB,
    everyMs: 30_000,
    async run() {
      if (!looking) {
        const source = await claimSource(deps.db, deps.clock.now());
        if (!source) return 0;
        looking = look(deps, fetch, source, stop.signal)
          .catch((error: unknown) => {
            deps.log.error({ err: error, source: source.id }, "a look at a content source was not recorded");
          })
          .finally(() => {
            looking = null;
          });
      }
      await Promise.race([looking, sleep(RUN_MS)]);
      return 1;
    },
    async drain() {
      stop.abort();
      await looking;
      await fetch.close();
    },
  };
}

async function look(deps: Deps, fetch: SafeFetch, source: ContentSource, stop: AbortSignal): Promise<void> {
  const end = AbortSignal.any([stop, AbortSignal.timeout(LOOK_MS)]);
  const validators: Record<string, Validator> = {};
  let pages = 0;
  let error: string | null = null;
  let retryAfterSeconds = 0;
  const queue = [source.url];
  const seen = new Set<string>();
  const theirs = hostsOf(deps, source);
  try {
    for (
      let url = queue.shift();
      url !== undefined && seen.size < MAX_FILES && !end.aborted;
      url = queue.shift()
    ) {
      if (seen.has(url)) continue;
      seen.add(url);
      const before = source.validators[url] ?? {};
      const { file, validator } = await readFile(deps, fetch, { url, before, theirs, signal: end });
      if (file) {
        pages += await take(deps, source, file.pages.slice(0, MAX_PAGES - pages), theirs);
        for (const next of file.sitemaps) {
          if (isBeside(url, next.url) || (await theirs(next.url))) queue.push(next.url);
        }
      }
      // An index of sitemaps has to be read to know the others, so only leaves are asked for conditionally.
      if (!file || file.sitemaps.length === 0) validators[url] = validator;
    }
  } catch (failure) {
    if (!(failure instanceof LookFailed)) {
      deps.log.error({ err: failure, source: source.id }, "a content source could not be read");
    }
    error = failure instanceof LookFailed ? failure.message : "The articles could not be stored.";
    retryAfterSeconds = failure instanceof LookFailed ? failure.retryAfterSeconds : 0;
  }
  // Another process goes on where this one was stopped.
  if (stop.aborted) return void (await releaseSource(deps.db, source, deps.clock.now()));
  const checkedAt = deps.clock.now();
  const pause = error
    ? Math.min(source.everyMinutes * 2 ** Math.min(source.failures + 1, 10), LONGEST_PAUSE_MINUTES)
    : source.everyMinutes;
  const dueAt = addSeconds(checkedAt, Math.max(pause * 60, Math.min(retryAfterSeconds, 86_400)));
  // What was read stays read, also when a later file failed.
  const kept = error ? { ...source.validators, ...validators } : validators;
  await finishLook(deps.db, source, { checkedAt, dueAt, pages, error, validators: kept });
}

/** Whether an address is on the publisher's sites, or where its operator told us to look. */
function hostsOf(deps: Deps, source: ContentSource): (url: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return async (address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || !/^https?:$/.test(url.protocol)) return false;
    let answer = known.get(url.host);
    if (!answer) {
      answer = ownerOfHost(deps.db, url.host).then((owner) => owner === source.tenantId);
      known.set(url.host, answer);
    }
    return answer;
  };
}

async function readFile(
  deps: Deps,
  fetch: SafeFetch,
  input: {
    url: string;
    before: Validator;
    theirs: (url: string) => Promise<boolean>;
    signal: AbortSignal;
  },
): Promise<FileAnswer> {
  const { url, before, theirs, signal } = input;
  const headers = {
    accept: "application/xml, application/rss+xml, application/atom+xml, text/xml;q=0.9, */*;q=0.1",
    "user-agent": userAgentOf(deps),
    ...(before.etag !== undefined && { "if-none-match": before.etag }),
    ...(before.lastModified !== undefined && { "if-modified-since": before.lastModified }),
  };
  const host = new URL(url).host;
  try {
    const answer = await fetch.stream({
      url,
      headers,
      timeoutMs: FILE_MS,
      signal,
      maxResponseBytes: FILE_BYTES_MAX,
      follow: async (next) => (next.host === host || (await theirs(next.href)) ? headers : null),
    });
    const { etag, "last-modified": lastModified, "retry-after": retryAfter } = answer.headers;
    const validator = {
      ...(typeof etag === "string" && etag.length < 200 && { etag }),
      ...(typeof lastModified === "string" && lastModified.length < 100 && { lastModified }),
    };
    if (answer.status === 304) {
      answer.discard();
      return { file: null, validator: before };
    }
    if (answer.status !== 200) {
      answer.discard();
      throw new LookFailed(`${url} answered ${answer.status}.`, Number(retryAfter) || 0);
    }
    const reader = createIndexReader(MAX_PAGES);
    for await (const text of textOf(answer.body)) reader.write(text);
    const file = reader.end();
    if (!file.recognised) throw new LookFailed(`${url} is neither a sitemap nor a feed.`);
    return { file, validator };
  } catch (failure) {
    if (failure instanceof LookFailed) throw failure;
    const refusal = refusalIn(failure);
    if (refusal || failure instanceof OutboundFailed) {
      throw new LookFailed(`${url} cannot be fetched: ${(refusal ?? (failure as Error)).message}`);
    }
    if (failure instanceof Error && "code" in failure && String(failure.code).startsWith("Z_")) {
      throw new LookFailed(`${url} is packed, and cannot be unpacked.`);
    }
    throw new LookFailed(`${url} did not answer in time, or not at all.`);
  }
}

const isBeside = (url: string, next: string): boolean =>
  URL.canParse(next) && new URL(next).origin === new URL(url).origin;

/** Makes pages known that are on the publisher's sites; others' are nobody's business. Returns how many there were. */
async function take(
  deps: Deps,
  source: ContentSource,
  found: readonly FoundPage[],
  theirs: (url: string) => Promise<boolean>,
): Promise<number> {
  const pages: FoundPage[] = [];
  for (const page of found) if (page.url.length <= 2048 && (await theirs(page.url))) pages.push(page);
  for (let i = 0; i < pages.length; i += BATCH) {
    const tenant = await findTenant(deps.db, source.tenantId);
    if (!tenant) return i;
    const batch = pages.slice(i, i + BATCH).map(({ cover, ...page }) => ({
      ...page,
      section: page.section ?? source.section ?? undefined,
      ...(cover !== undefined && cover.length <= 2048 && /^https?:\/\//.test(cover) && { cover }),
    }));
    await deps.db.transaction((tx) =>
      indexPages(tx, deps, {
        tenantId: tenant.id,
        source: source.kind,
        pages: batch,
        now: tenantNow(deps.clock, tenant),
      }),
    );
  }
  return pages.length;
}

/** A file's text: unpacked when it is a `.gz` of its own, in the encoding that it names. */
async function* textOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const whole = Readable.from(
    (async function* () {
      try {
        yield first.value;
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
      } finally {
        // Gives the connection up when the rest is not wanted.
        await chunks.return?.();
      }
    })(),
  );
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const bytes = isPacked ? pipeline(whole, createGunzip(), () => {}) : whole;
  let decoder: TextDecoder | null = null;
  let total = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      total += chunk.byteLength;
      if (total > FILE_BYTES_MAX) throw new LookFailed("The file is larger than 50 MB.");
      decoder ??= decoderFor(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
  } finally {
    whole.destroy();
    bytes.destroy();
  }
}

function decoderFor(start: Buffer): TextDecoder {
  const named = /^<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})/.exec(
    start.subarray(0, 200).toString("latin1"),
  )?.[1];
  try {
    return new TextDecoder(named ?? "utf-8");
  } catch {
    return new TextDecoder();
  }
}
