import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { readJsonObject } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { AppError } from "../../platform/errors.ts";

/** Where the demonstration's provider has its base address. */
export const MODEL_PATH = "/dev/model/v1";

const MODELS = [
  { id: "lumen-small", pauseMs: 18 },
  { id: "lumen-large", pauseMs: 34 },
];
const MAX_PROMPT_BYTES = 1024 * 1024;
const WORDS_AT_MOST = 400;

type Message = { role?: unknown; content?: unknown };

/**
 * A stand-in for a model company, in OpenAI's wire format: it streams, counts tokens, stops when it is left, and says
 * itself that it is no model. For the demonstration only; a real provider is a line of the set-up file.
 */
export function modelRoutes(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get(`${MODEL_PATH}/models`, (c) =>
    c.json({
      object: "list",
      data: MODELS.map(({ id }) => ({ id, object: "model", owned_by: "tollgate-demo" })),
    }),
  );
  app.post(`${MODEL_PATH}/chat/completions`, async (c) => {
    const body = await readJsonObject(c, MAX_PROMPT_BYTES);
    const model = MODELS.find(({ id }) => id === body.model) ?? MODELS[0]!;
    const messages = Array.isArray(body.messages) ? (body.messages as Message[]) : [];
    if (messages.length === 0) throw new AppError("invalid_payload", 400, "`messages` must not be empty.");
    const limit = typeof body.max_tokens === "number" ? body.max_tokens : WORDS_AT_MOST;
    const words = wordsOf(reply(messages.map(textOf))).slice(0, Math.min(limit, WORDS_AT_MOST));
    const prompt = messages.reduce((sum, it) => sum + wordsOf(textOf(it)).length + 4, 0);
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: words.length,
      total_tokens: prompt + words.length,
    };
    const common = { id: "chatcmpl-demo", created: 0, model: model.id };
    if (body.stream !== true) {
      const message = { role: "assistant", content: words.join("") };
      const choices = [{ index: 0, message, finish_reason: "stop" }];
      return c.json({ ...common, object: "chat.completion", choices, usage });
    }
    const wantsUsage =
      (body.stream_options as { include_usage?: unknown } | undefined)?.include_usage === true;
    return streamSSE(c, async (stream) => {
      const send = (choices: unknown[], extra = {}) =>
        stream.writeSSE({
          data: JSON.stringify({ ...common, object: "chat.completion.chunk", choices, ...extra }),
        });
      await send([{ index: 0, delta: { role: "assistant", content: "" } }]);
      for (const content of words) {
        if (stream.aborted) return;
        await sleep(model.pauseMs);
        await send([{ index: 0, delta: { content } }]);
      }
      await send([{ index: 0, delta: {}, finish_reason: "stop" }]);
      if (wantsUsage) await send([], { usage });
      await stream.writeSSE({ data: "[DONE]" });
    });
  });
  return app;
}

const textOf = ({ content }: Message): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (part as { text?: unknown } | null)?.text ?? "").join(" ");
};

/** Pieces as a model would send them: a word with the space before it. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

const OPENINGS = [
  "Here is how I would go about it.",
  "Good question. Three things matter here.",
  "Let me think that through with you.",
  "A short answer first, then the reasons.",
];
const STEPS = [
  ["Start small", "write down what you would like to be true at the end, in one sentence"],
  ["Look at what is there", "most of it is usually right already, and what is not will stand out"],
  ["Change one thing", "and see what happens before you change the next"],
  ["Ask somebody else", "a fresh pair of eyes finds in a minute what took you an hour to get used to"],
  ["Leave time to rest", "the second draft is better when the first one has slept"],
  ["Keep the receipts", "a note of why you decided is worth more than the decision"],
] as const;

/** An answer that follows from the conversation, so that the same question is answered alike. */
function reply(texts: string[]): string {
  const asked = (texts.at(-1) ?? "").trim().replace(/\s+/g, " ");
  const seed = [...asked].reduce((sum, it) => (sum * 31 + (it.codePointAt(0) ?? 0)) % 9973, texts.length);
  const about = asked.length > 90 ? `${asked.slice(0, 87)}…` : asked || "nothing in particular";
  if (/\b(code|function|javascript|typescript|script)\b/i.test(asked)) {
    return [
      `You asked about “${about}”. Something like this:`,
      "```js\nexport function once(work) {\n  let result;\n  return () => (result ??= work());\n}\n```",
      "It runs `work` the first time and gives the same result to everybody after that. I am a stand-in for a model, so take it as a sketch.",
    ].join("\n\n");
  }
  const steps = [0, 1, 2].map((n) => STEPS[(seed + n * 2) % STEPS.length]!);
  return [
    `${OPENINGS[seed % OPENINGS.length]} You wrote: “${about}”.`,
    ...steps.map(([title, why], n) => `${n + 1}. **${title}**: ${why}.`),
    "I am the demonstration's stand-in for a model: my words are made up on this machine, but every answer is metered and charged exactly as a real one would be.",
  ].join("\n\n");
}
