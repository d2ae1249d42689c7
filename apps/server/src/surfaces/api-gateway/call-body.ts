import type { IncomingMessage } from "node:http";
import type { ApiProvider } from "../../domains/gateway/index.ts";
import { AppError } from "../../platform/errors.ts";

/** JSON bodies are read whole, to be completed and priced; longer ones are no prompts any more. */
const MAX_JSON_BYTES = 20 * 1024 * 1024;

/** What goes up: a JSON object that was completed, or the caller's own stream, untouched. */
export type CallBody =
  | { kind: "json"; text: string; value: Record<string, unknown> }
  | { kind: "stream" }
  | { kind: "none" };

const isJson = (type: string | undefined): boolean => /^application\/([\w.+-]+\+)?json\b/i.test(type ?? "");

/**
 * Reads the body of a call. A JSON object is laid over the provider's default body, so that the caller's keys win
 * (paywall API §7); a stream of an OpenAI wire whose price depends on usage is asked to report it. Everything else passes
 * as it is.
 *
 * @throws `payload_too_large` (413)
 */
export async function readCallBody(request: IncomingMessage, provider: ApiProvider): Promise<CallBody> {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
  if (!hasBody) {
    const { defaultBody } = provider;
    if (request.method === "GET" || Object.keys(defaultBody).length === 0) return { kind: "none" };
    return { kind: "json", text: JSON.stringify(defaultBody), value: defaultBody };
  }
  if (!isJson(request.headers["content-type"]) || request.headers["content-encoding"])
    return { kind: "stream" };
  const text = await readText(request);
  const given = parse(text);
  if (!given) return { kind: "json", text, value: {} };
  const value = { ...provider.defaultBody, ...given };
  if (provider.wire === "openai" && value.stream === true && reportsUsage(provider)) {
    const options = typeof value.stream_options === "object" ? value.stream_options : {};
    value.stream_options = { ...options, include_usage: true };
  }
  return { kind: "json", text: JSON.stringify(value), value };
}

function reportsUsage({ price }: ApiProvider): boolean {
  if (price.kind === "per_model") return price.models.some(({ rule }) => rule.kind === "per_unit");
  return price.kind === "per_unit";
}

async function readText(request: IncomingMessage): Promise<string> {
  const tooLarge = () =>
    new AppError("payload_too_large", 413, `A JSON body may have ${MAX_JSON_BYTES} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_JSON_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
