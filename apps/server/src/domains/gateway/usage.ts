import { StringDecoder } from "node:string_decoder";

/** What one call used, in the upstream's units: tokens in and out, images, seconds of sound or film. */
export type Usage = { input: number; output: number; images: number; seconds: number };

export const NO_USAGE: Usage = { input: 0, output: 0, images: 0, seconds: 0 };

/** How an upstream speaks: where its answers name the model and what was used. */
export type Wire = "openai" | "anthropic" | "generic";

/** A token is about four characters of English; for what an upstream did not report. */
const CHARACTERS_PER_TOKEN = 4;
/** Longer answers than this are not read for their usage; whole books of text are shorter. */
const MAX_JSON_BYTES = 4_000_000;
const MAX_LINE_BYTES = 1_000_000;

/** Reads an answer as it passes and says what it used. Nothing of it is kept but the line under way. */
export interface UsageReader {
  read(chunk: Buffer): void;
  /**
   * What is known by now, as often as it is asked. `reported` is false where the upstream has said nothing, and the numbers are counted from the
   * text that passed.
   */
  result(): { usage: Usage; model: string | null; reported: boolean };
}

/** @param contentType of the answer; streams of events are read line by line, JSON as a whole. */
export function createUsageReader(wire: Wire, contentType: string): UsageReader {
  const seen = createNotes(wire);
  if (/^text\/event-stream\b/i.test(contentType)) return eventReader(seen);
  if (/^application\/([\w.+-]+\+)?json\b/i.test(contentType)) return jsonReader(seen);
  return { read() {}, result: seen.result };
}

function eventReader(seen: Notes): UsageReader {
  const decoder = new StringDecoder("utf8");
  let line = "";
  return {
    read(chunk) {
      const lines = (line + decoder.write(chunk)).split(/\r\n|\n|\r/);
      line = lines.pop() ?? "";
      for (const it of lines) if (it.startsWith("data:")) seen.note(parse(it.slice(5)));
      if (line.length > MAX_LINE_BYTES) line = "";
    },
    result() {
      // A last message may come without the end of its line; one that is still coming is no JSON yet.
      if (line.startsWith("data:") && seen.note(parse(line.slice(5)))) line = "";
      return seen.result();
    },
  };
}

function jsonReader(seen: Notes): UsageReader {
  let chunks: Buffer[] | null = [];
  let size = 0;
  return {
    read(chunk) {
      size += chunk.byteLength;
      if (size > MAX_JSON_BYTES) chunks = null;
      chunks?.push(chunk);
    },
    result() {
      if (chunks && seen.note(parse(Buffer.concat(chunks).toString("utf8")))) chunks = null;
      return seen.result();
    },
  };
}

/** `note` says whether the message was one. */
type Notes = { note(message: unknown): boolean; result: UsageReader["result"] };

/** Puts together what messages of one answer say. Later reports replace earlier ones: they are totals so far. */
function createNotes(wire: Wire): Notes {
  const usage = { ...NO_USAGE };
  let model: string | null = null;
  let reported = false;
  let characters = 0;

  function take(kind: keyof Usage, value: unknown): void {
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return;
    usage[kind] = Math.max(usage[kind], value);
    reported = true;
  }

  return {
    note(message) {
      if (!isRecord(message)) return false;
      const inner = isRecord(message.message) ? message.message : message;
      if (typeof inner.model === "string") model ??= inner.model.slice(0, 200);
      for (const report of [inner.usage, message.usage]) {
        if (!isRecord(report)) continue;
        take("input", sumOf(report, wire));
        take("output", report.completion_tokens ?? report.output_tokens);
        take("images", report.images);
        take("seconds", report.seconds ?? report.duration);
      }
      if (Array.isArray(message.data) && message.data.some((it) => isRecord(it) && (it.url ?? it.b64_json)))
        take("images", message.data.length);
      if (typeof message.duration === "number") take("seconds", message.duration);
      characters += lengthOfText(message);
      return true;
    },
    result: () => ({
      usage: reported ? { ...usage } : { ...NO_USAGE, output: Math.ceil(characters / CHARACTERS_PER_TOKEN) },
      model,
      reported,
    }),
  };
}

/** Tokens that were read for us. Anthropic reports those from its cache beside the others, OpenAI among them. */
function sumOf(report: Record<string, unknown>, wire: Wire): unknown {
  const plain = report.prompt_tokens ?? report.input_tokens;
  if (wire !== "anthropic" || typeof plain !== "number") return plain;
  const cached = [report.cache_creation_input_tokens, report.cache_read_input_tokens];
  return cached.reduce<number>((sum, it) => sum + (typeof it === "number" ? it : 0), plain);
}

/** The characters of generated text in one message of either wire. */
function lengthOfText(message: Record<string, unknown>): number {
  let length = 0;
  const add = (value: unknown) => {
    if (typeof value === "string") length += value.length;
  };
  for (const choice of Array.isArray(message.choices) ? message.choices : []) {
    if (!isRecord(choice)) continue;
    add(choice.text);
    for (const part of [choice.delta, choice.message]) if (isRecord(part)) add(part.content);
  }
  if (isRecord(message.delta)) add(message.delta.text);
  for (const block of Array.isArray(message.content) ? message.content : []) {
    if (isRecord(block)) add(block.text);
  }
  return length;
}

/** What a call is likely to use at most, before it is made: its own text, and the length it allows for the answer. */
export function expectedUsage(body: Record<string, unknown> | null, bodyBytes: number): Usage {
  const limits = [body?.max_completion_tokens, body?.max_output_tokens, body?.max_tokens];
  const limit = limits.find((it) => typeof it === "number" && Number.isFinite(it) && it > 0);
  const answers = typeof body?.n === "number" && body.n > 1 ? Math.min(Math.floor(body.n), 128) : 1;
  return {
    input: Math.ceil(bodyBytes / CHARACTERS_PER_TOKEN),
    output: (typeof limit === "number" ? limit : 0) * answers,
    images: answers,
    seconds: 0,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `[DONE]`, or not ours to understand.
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
