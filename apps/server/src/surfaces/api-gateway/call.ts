import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import {
  type Balance,
  type CreditAccount,
  captureHold,
  countedTypes,
  ensureTrial,
  FREE_TYPE,
  holdCredits,
  readBalances,
  releaseHold,
  renewHold,
} from "../../domains/credits/index.ts";
import {
  callerHeaders,
  costFor,
  createUsageReader,
  creditsFor,
  creditsToHold,
  expectedUsage,
  type GatewayRequest,
  logRequest,
  noteProgress,
  PROGRESS_MS,
  pathAllowed,
  providerHeaders,
  reserveSpend,
  ruleFor,
  type SealedProvider,
  type SimpleRule,
  targetOf,
  type Usage,
  type UsageReader,
  upstreamHeaders,
} from "../../domains/gateway/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { SafeFetch } from "../../platform/safe-fetch/index.ts";
import { type CallBody, readCallBody } from "./call-body.ts";
import type { GatewayCaller } from "./caller.ts";

/** A caller who reads nothing for so long has gone. */
const STALL_MS = 120_000;
const DAY_MS = 86_400_000;

/** What is asked of which provider, after everything about the address is clear. */
export type Call = {
  request: IncomingMessage;
  response: ServerResponse;
  caller: GatewayCaller;
  provider: SealedProvider;
  rest: string;
  search: string;
  requestId: string;
  /** Ours for every answer: CORS, limits, the request's id. */
  headers: Record<string, string>;
  fetch: SafeFetch;
};

type CallDeps = Pick<Deps, "clock" | "db" | "ids" | "jobs" | "keys" | "log">;

/**
 * One call, from its price to its last byte (paywall API §7): hold → upstream → capture or release. What is refused
 * before the upstream is asked is thrown; afterwards the response is the upstream's.
 *
 * @throws 400 `invalid-path`, 402 `not-enough-queries`, 403 `provider-disabled`, `path-not-allowed`,
 *   `model-not-allowed`, 405 `method-not-allowed`, 413, 429 `spend_limit_reached`, 502 `upstream_error`
 */
export async function makeCall(deps: CallDeps, call: Call): Promise<void> {
  const { request, provider, caller } = call;
  const { url, body, rule, expected } = await readCall(call);
  const started = performance.now();
  const account = accountOf(caller, provider);
  const holdId = provider.tokenType === FREE_TYPE ? null : await hold(deps, call, account, rule, expected);
  const gone = new AbortController();
  call.response.once("close", () => gone.abort());
  // Whoever left while their body was read or their credits were set aside does not say so again.
  if (call.response.destroyed) gone.abort();
  const settled = { done: false };
  try {
    const upstream = await call.fetch.forward({
      url: url.href,
      method: request.method as "POST",
      headers: headersFor(deps, call, body, rule),
      body: body.kind === "json" ? body.text : body.kind === "stream" ? request : undefined,
      idleMs: provider.timeoutMs,
      signal: gone.signal,
    });
    const elapsedMs = () => Math.round(performance.now() - started);
    const record: GatewayRequest = {
      ...ownerOf(call),
      holdId,
      model: modelOf(body),
      status: upstream.status,
      firstByteMs: elapsedMs(),
      totalMs: null,
      stream: /^text\/event-stream\b/i.test(String(upstream.headers["content-type"] ?? "")),
    };
    if (upstream.status >= 200 && upstream.status < 300) {
      settled.done = true;
      await deliver(deps, call, { record, rule, expected, upstream, gone, elapsedMs });
      return;
    }
    if (holdId) await releaseHold(deps.db, deps, { holdId, now: caller.now });
    settled.done = true;
    await passFailureOn(deps, call, { ...record, totalMs: elapsedMs() }, upstream);
  } catch (error) {
    if (settled.done) throw error;
    if (holdId) await releaseHold(deps.db, deps, { holdId, now: caller.now });
    const record = {
      ...ownerOf(call),
      holdId,
      aborted: gone.signal.aborted,
      totalMs: Math.round(performance.now() - started),
    };
    await log(deps, {
      ...record,
      model: modelOf(body),
      error: gone.signal.aborted ? "caller_left" : "unreachable",
    });
    if (gone.signal.aborted) return;
    deps.log.warn(
      { err: error, provider: provider.key, request: call.requestId },
      "an upstream could not be asked",
    );
    throw upstreamError();
  }
}

const upstreamError = () =>
  new AppError("upstream_error", 502, "The service behind this call did not answer as it should.");

async function readCall({ request, provider, caller, rest, search }: Call) {
  const types = countedTypes(caller.paywall.settings.tokenization);
  const counted =
    provider.tokenType === FREE_TYPE
      ? types.length > 0
      : types.some(({ type }) => type === provider.tokenType);
  if (provider.state !== "enabled" || !counted) {
    throw new AppError("provider-disabled", 403, "This provider is not available.");
  }
  if (!provider.methods.some((method) => method === request.method)) {
    throw new AppError("method-not-allowed", 405, `${request.method} is not allowed here.`);
  }
  const url = targetOf(provider.baseUrl, rest, search);
  if (!url) throw new AppError("invalid-path", 400, "The path of the call is not valid.");
  if (!pathAllowed(provider.pathRules, rest)) {
    throw new AppError("path-not-allowed", 403, "This path is not available.");
  }
  const body = await readCallBody(request, provider);
  const rule = ruleFor(provider.price, modelOf(body));
  if (!rule) throw new AppError("model-not-allowed", 403, "This model is not available.");
  const expected =
    body.kind === "json" ? expectedUsage(body.value, body.text.length) : expectedUsage(null, 0);
  return { url, body, rule, expected };
}

const modelOf = (body: CallBody): string | null =>
  body.kind === "json" && typeof body.value.model === "string" ? body.value.model.slice(0, 200) : null;

const accountOf = (
  { tenant, paywall, customer }: GatewayCaller,
  provider: SealedProvider,
): CreditAccount => ({
  tenantId: tenant.id,
  customerId: customer.id,
  paywallId: paywall.id,
  mode: paywall.paymentMode,
  type: provider.tokenType,
});

const ownerOf = ({ caller, provider, request, rest, requestId }: Call) => ({
  id: requestId,
  tenantId: caller.tenant.id,
  mode: caller.paywall.paymentMode,
  paywallId: caller.paywall.id,
  providerId: provider.id,
  customerId: caller.customer.id,
  method: request.method ?? "",
  path: rest,
  tokenType: provider.tokenType,
  status: null,
  firstByteMs: null,
  totalMs: null,
  stream: false,
  aborted: false,
  unitsIn: null,
  unitsOut: null,
  tokens: 0,
  costMicro: null,
  error: null,
  createdAt: caller.now,
});

/** Sets credits aside. Where the length of an answer is only guessed, what is left is enough as long as it pays for one unit. */
async function hold(
  deps: CallDeps,
  call: Call,
  account: CreditAccount,
  rule: SimpleRule,
  expected: Usage,
): Promise<string> {
  const { caller, provider, requestId } = call;
  const wanted = creditsToHold(rule, expected);
  const by = { actor: "customer", reference: requestId, now: caller.now };
  if (provider.perDay !== null) await withinDay(deps, call, provider.perDay, wanted);
  let kept = await holdCredits(deps.db, deps, account, { ...by, amount: wanted });
  if ("insufficient" in kept && (await giveTrial(deps, caller))) {
    kept = await holdCredits(deps.db, deps, account, { ...by, amount: wanted });
  }
  const least = rule.kind === "per_unit" ? Math.max(1, rule.minimum ?? 1) : wanted;
  if ("insufficient" in kept && kept.available >= least) {
    kept = await holdCredits(deps.db, deps, account, { ...by, amount: kept.available });
  }
  if (!("insufficient" in kept)) return kept.holdId;
  if (provider.perDay !== null)
    await log(deps, { ...ownerOf(call), holdId: null, model: null, error: "no_credits" });
  const balances = await readBalances(deps.db, { ...account, now: caller.now });
  const currentBalance: Balance = { type: account.type, count: kept.available };
  throw new AppError("not-enough-queries", 402, "There are not enough credits left for this call.", {
    details: { details: { balances: [{ balances }], queryType: account.type, currentBalance } },
  });
}

/** What the paywall lets everybody try is given when it is first needed. */
async function giveTrial(deps: CallDeps, { tenant, paywall, customer, now }: GatewayCaller): Promise<true> {
  const { paymentMode: mode, settings } = paywall;
  const owner = { tenantId: tenant.id, customerId: customer.id, paywallId: paywall.id, mode, now };
  await ensureTrial(deps.db, deps, { ...owner, timeZone: tenant.timeZone }, settings.tokenization);
  return true;
}

async function withinDay(deps: CallDeps, call: Call, max: number, owed: number): Promise<void> {
  const { now } = call.caller;
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const record = { ...ownerOf(call), holdId: null, model: null, owed, seenAt: deps.clock.now() };
  const limit = { max, since: new Date(today) };
  if (await deps.db.transaction((tx) => reserveSpend(tx, record, limit))) return;
  throw new AppError("spend_limit_reached", 429, "The limit of this day is reached.", {
    retryAfterSeconds: Math.ceil((today + DAY_MS - now.getTime()) / 1000),
  });
}

function headersFor(deps: CallDeps, call: Call, body: CallBody, rule: SimpleRule): Record<string, string> {
  const headers = upstreamHeaders(call.request.headers, providerHeaders(deps, call.provider));
  if (body.kind === "json") headers["content-type"] ??= "application/json";
  // What is paid for by its length has to be readable.
  if (rule.kind === "per_unit") headers["accept-encoding"] = "identity";
  if (body.kind === "stream" && call.request.headers["content-length"]) {
    headers["content-length"] = String(call.request.headers["content-length"]);
  }
  return headers;
}

type Delivery = {
  record: GatewayRequest;
  rule: SimpleRule;
  expected: Usage;
  upstream: { status: number; headers: Record<string, string | string[] | undefined>; body: Readable };
  gone: AbortController;
  elapsedMs: () => number;
};

/** Charges or writes down what is owed, then lets the answer through, and charges what it came to. */
async function deliver(deps: CallDeps, call: Call, delivery: Delivery): Promise<void> {
  const { record, rule, expected, upstream, gone, elapsedMs } = delivery;
  const { holdId } = record;
  const perCall = rule.kind === "per_call";
  const reader = createUsageReader(call.provider.wire, String(upstream.headers["content-type"] ?? ""));
  const owed = () => (holdId ? creditsFor(rule, usedOf(reader, expected).usage) : 0);
  upstream.body.on("error", () => {});
  let charged = 0;
  try {
    // Before a byte leaves: what was delivered is never free, whatever happens to this process.
    if (perCall && holdId) {
      const now = call.caller.now;
      charged = (await captureHold(deps.db, deps, { holdId, amount: rule.tokens, now })).captured;
      if (call.provider.perDay !== null) await log(deps, { ...record, tokens: charged }, "running", charged);
    } else await log(deps, record, "running", owed());
  } catch (error) {
    upstream.body.destroy();
    throw error;
  }
  const progress = perCall
    ? undefined
    : setInterval(() => {
        // A sign of life that is missed once is made up for by the next.
        void noteProgress(deps.db, record.id, owed(), deps.clock.now()).catch(() => {});
        if (holdId) void renewHold(deps.db, deps, { holdId }).catch(() => {});
      }, PROGRESS_MS);
  const { response } = call;
  response.writeHead(upstream.status, {
    ...callerHeaders(upstream.headers),
    ...call.headers,
    // Clients take one from their own count for this; where it is another number they had better ask again.
    ...(perCall && rule.tokens === 1 && { "x-query-type": call.provider.tokenType }),
  });
  response.flushHeaders();
  const error = await pump(upstream.body, response, reader, call.provider.maxBytes);
  clearInterval(progress);
  const aborted = gone.signal.aborted && !response.writableFinished;
  const { usage, model, reported } = usedOf(reader, expected);
  if (!perCall && holdId) {
    const amount = creditsFor(rule, usage);
    charged = (await captureHold(deps.db, deps, { holdId, amount, now: call.caller.now })).captured;
  }
  await log(deps, {
    ...record,
    model: record.model ?? model,
    totalMs: elapsedMs(),
    aborted,
    unitsIn: reported ? usage.input : null,
    unitsOut: reported ? usage.output : null,
    tokens: charged,
    costMicro: costFor(call.provider.costs, record.model ?? model, usage),
    error: aborted ? "caller_left" : error,
  });
  if (error && !aborted) response.destroy();
  else response.end();
}

/** What the upstream reported; where it did not, its text counts for the answer and the caller's own for the question. */
function usedOf(reader: UsageReader, expected: Usage) {
  const seen = reader.result();
  if (seen.reported) return seen;
  return { ...seen, usage: { ...expected, output: seen.usage.output } };
}

/** Passes bytes on as fast as the caller takes them. Resolves with what went wrong, or null at the end. */
function pump(
  from: Readable,
  to: ServerResponse,
  reader: UsageReader,
  maxBytes: number,
): Promise<string | null> {
  return new Promise((resolve) => {
    let bytes = 0;
    let stall: NodeJS.Timeout | undefined;
    const end = (error: string | null) => {
      clearTimeout(stall);
      from.destroy();
      resolve(error);
    };
    // Either may be over since we last looked, and would not say so again.
    if (to.destroyed) return end("caller_left");
    if (from.errored) return end("upstream_broke_off");
    from.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return end("answer_too_large");
      reader.read(chunk);
      if (to.write(chunk)) return;
      from.pause();
      stall = setTimeout(() => end("caller_stalled"), STALL_MS);
    });
    to.on("drain", () => {
      clearTimeout(stall);
      from.resume();
    });
    from.once("end", () => end(null));
    from.once("error", () => end("upstream_broke_off"));
    to.once("close", () => end("caller_left"));
  });
}

/**
 * A failure of the upstream's goes on as it is, but for its own 401 and 402, which to our callers mean a dead session and
 * an empty balance, and a redirect, which nobody follows.
 */
async function passFailureOn(
  deps: CallDeps,
  call: Call,
  record: GatewayRequest,
  upstream: Delivery["upstream"],
): Promise<void> {
  const { status, body } = upstream;
  body.on("error", () => {});
  await log(deps, { ...record, error: `upstream_${status}` });
  if (status === 401 || status === 402 || status < 400) {
    body.destroy();
    throw upstreamError();
  }
  const { response } = call;
  response.writeHead(status, { ...callerHeaders(upstream.headers), ...call.headers });
  const reader = { read() {}, result: () => createUsageReader("generic", "").result() };
  const error = await pump(body, response, reader, call.provider.maxBytes);
  if (error) response.destroy();
  else response.end();
}

const log = (
  deps: CallDeps,
  record: GatewayRequest,
  state: "running" | "done" = "done",
  owed = 0,
): Promise<void> =>
  logRequest(deps.db, {
    ...record,
    state,
    owed: state === "done" ? record.tokens : owed,
    seenAt: deps.clock.now(),
  });
