import type { Paywall } from "../types.ts";
import type { Credentials } from "./credentials.ts";
import { AuthenticationError, TollgateError, ValidationError } from "./errors.ts";
import { type Answer, type Patience, request } from "./requests.ts";

/** A paywall as the Management API tells of it: every documented member is there. */
export interface ManagedPaywall extends Paywall {
  headline: string;
  logoUrl: string;
  mainColor: string;
  singlePurchase: NonNullable<Paywall["singlePurchase"]>;
}

export type Paywalls = {
  /**
   * One paywall, as it was at most an hour ago (or what the server's `max-age` says). The object is the caller's own.
   *
   * @throws ValidationError for an empty id, without a request
   * @throws NotFoundError, ForbiddenError, AuthenticationError, RateLimitError, ServerError, TollgateError
   */
  get(paywallId: string): Promise<ManagedPaywall>;
};

/** What the documentation promises where an answer says nothing. */
const DEFAULT_MAX_AGE_SECONDS = 3600;
const KEPT_AT_MOST = 1000;

type Options = { baseUrl: string; headers: Record<string, string>; cache: boolean };

/** The reads of paywalls and what is kept of them. `clear` also makes later requests say that they want news. */
export function createPaywalls(options: Options, credentials: Credentials, patience: Patience) {
  const kept = new Map<string, { text: string; untilMs: number }>();
  let underWay = new Map<string, Promise<string>>();
  let timestamp = Date.now();

  async function ask(id: string): Promise<Answer> {
    const url = `${options.baseUrl}/management/paywalls/${encodeURIComponent(id)}`;
    const send = (authorization: string) => {
      const headers = {
        ...options.headers,
        Authorization: authorization,
        "Cache-Timestamp": String(timestamp),
      };
      return request(url, { headers }, patience);
    };
    const authorization = await credentials.authorization();
    try {
      return await send(authorization);
    } catch (error) {
      // The server may have changed its keys since the token was made; a new one tells.
      const isRefused = error instanceof AuthenticationError && error.statusCode === 401;
      if (!isRefused || !credentials.renew()) throw error;
      return send(await credentials.authorization());
    }
  }

  async function fetchOne(id: string): Promise<string> {
    const askedFor = timestamp;
    const { headers, text } = await ask(id);
    const maxAge = maxAgeOf(headers);
    // What was under way when the cache was cleared is old news.
    if (options.cache && maxAge > 0 && askedFor === timestamp) {
      kept.delete(id);
      kept.set(id, { text, untilMs: Date.now() + maxAge * 1000 });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_AT_MOST && oldest !== undefined) kept.delete(oldest);
    }
    return text;
  }

  const paywalls: Paywalls = {
    async get(paywallId) {
      // A URL parser takes the two dots for steps, not for names.
      if (typeof paywallId !== "string" || paywallId.trim() === "" || /^\.{1,2}$/.test(paywallId)) {
        throw new ValidationError("validation_error", "A paywall's id is needed.");
      }
      const found = kept.get(paywallId);
      if (found && found.untilMs > Date.now()) return parse(found.text);
      const waiting = underWay;
      const running = waiting.get(paywallId);
      if (running) return parse(await running);
      const started = fetchOne(paywallId).finally(() => waiting.delete(paywallId));
      waiting.set(paywallId, started);
      return parse(await started);
    },
  };
  return {
    paywalls,
    clear() {
      kept.clear();
      underWay = new Map();
      timestamp = Math.max(Date.now(), timestamp + 1);
    },
  };
}

/** Seconds for which an answer may be kept. */
function maxAgeOf(headers: Headers): number {
  const control = headers.get("cache-control")?.toLowerCase() ?? "";
  if (/\bno-(store|cache)\b/.test(control)) return 0;
  const [, seconds] = /\bmax-age=(\d+)/.exec(control) ?? [];
  const age = Number(headers.get("age") ?? 0);
  return (seconds === undefined ? DEFAULT_MAX_AGE_SECONDS : Number(seconds)) - (Number.isNaN(age) ? 0 : age);
}

function parse(text: string): ManagedPaywall {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TollgateError("unknown_error", text, { cause });
  }
}
