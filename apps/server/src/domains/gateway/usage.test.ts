import { expect, test } from "vitest";
import { createUsageReader, expectedUsage, NO_USAGE, type Wire } from "./usage.ts";

const EVENTS = "text/event-stream; charset=utf-8";
/** The answer in pieces of `size` bytes, as a network cuts it. */
function read(wire: Wire, type: string, text: string, size: number) {
  const reader = createUsageReader(wire, type);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  return reader.result();
}
const events = (...messages: unknown[]) =>
  messages.map((it) => `data: ${typeof it === "string" ? it : JSON.stringify(it)}\r\n\r\n`).join("");

for (const size of [1, 7, 100_000]) {
  test(`OpenAI: the last chunk of a stream says what was used, cut every ${size} bytes`, () => {
    const text = events(
      { model: "gpt-x", choices: [{ delta: { content: "Grüße 🌍" } }], usage: null },
      { model: "gpt-x", choices: [], usage: { prompt_tokens: 12, completion_tokens: 34 } },
      "[DONE]",
    );
    expect(read("openai", EVENTS, text, size)).toEqual({
      usage: { ...NO_USAGE, input: 12, output: 34 },
      model: "gpt-x",
      reported: true,
    });
  });

  test(`Anthropic: totals so far are replaced, cached input counts, cut every ${size} bytes`, () => {
    const text = events(
      {
        type: "message_start",
        message: {
          model: "claude-x",
          usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 },
        },
      },
      { type: "content_block_delta", delta: { type: "text_delta", text: "Hello" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } },
    );
    expect(read("anthropic", EVENTS, text, size)).toEqual({
      usage: { ...NO_USAGE, input: 15, output: 9 },
      model: "claude-x",
      reported: true,
    });
  });
}

test("a stream that breaks off before it reports is counted by the text that passed", () => {
  const text = events(
    { choices: [{ delta: { content: "12345678" } }] },
    { choices: [{ delta: { content: "9" } }] },
  );
  expect(read("openai", EVENTS, text, 9)).toEqual({
    usage: { ...NO_USAGE, output: 3 },
    model: null,
    reported: false,
  });
});

test("JSON answers, images and seconds are read as a whole", () => {
  const type = "application/json";
  const chat = {
    model: "m",
    usage: { prompt_tokens: 1, completion_tokens: 2 },
    choices: [{ message: { content: "x" } }],
  };
  expect(read("openai", type, JSON.stringify(chat), 3).usage).toEqual({ ...NO_USAGE, input: 1, output: 2 });
  const images = { data: [{ url: "a" }, { b64_json: "b" }] };
  expect(read("openai", type, JSON.stringify(images), 5).usage).toEqual({ ...NO_USAGE, images: 2 });
  expect(read("generic", type, JSON.stringify({ duration: 12.5 }), 5).usage).toEqual({
    ...NO_USAGE,
    seconds: 12.5,
  });
});

test("lies and rubbish count nothing and break nothing", () => {
  for (const usage of [
    { prompt_tokens: -5 },
    { completion_tokens: "many" },
    { output_tokens: Number.MAX_VALUE * 10 },
    [],
    null,
    7,
  ]) {
    expect(read("openai", "application/json", JSON.stringify({ usage }), 11).usage).toEqual(NO_USAGE);
  }
  expect(read("openai", EVENTS, "data: {broken\n\ndata\n: x\n\n", 2).reported).toBe(false);
  expect(read("openai", "image/png", "\x89PNG", 2).reported).toBe(false);
});

test("an endless line is given up and later ones still count", () => {
  const reader = createUsageReader("openai", EVENTS);
  reader.read(Buffer.from("data: "));
  for (let n = 0; n < 3; n += 1) reader.read(Buffer.alloc(800_000, "x"));
  reader.read(Buffer.from('\ndata: {"usage":{"prompt_tokens":4}}\n\n'));
  expect(reader.result().usage.input).toBe(4);
});

test("what a call may use follows from its text and its own limit", () => {
  expect(expectedUsage({ max_tokens: 100, n: 3 }, 400)).toEqual({
    input: 100,
    output: 300,
    images: 3,
    seconds: 0,
  });
  expect(expectedUsage({ max_completion_tokens: 7, max_tokens: 100 }, 3)).toMatchObject({
    input: 1,
    output: 7,
  });
  expect(expectedUsage(null, 0)).toEqual({ input: 0, output: 0, images: 1, seconds: 0 });
});

test("asking in between loses nothing and counts nothing twice", () => {
  const whole = JSON.stringify({
    model: "m",
    usage: { prompt_tokens: 3 },
    choices: [{ message: { content: "x" } }],
  });
  for (const [type, text] of [
    ["application/json", whole],
    [EVENTS, `data: ${JSON.stringify({ choices: [{ delta: { content: "12345678" } }] })}\n\ndata: ${whole}`],
  ] as const) {
    const reader = createUsageReader("openai", type);
    for (const byte of Buffer.from(text)) {
      reader.read(Buffer.from([byte]));
      reader.result();
    }
    expect(reader.result()).toMatchObject({ usage: { input: 3 }, model: "m", reported: true });
  }
  const silent = createUsageReader("openai", EVENTS);
  silent.read(Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content: "12345678" } }] })}`));
  expect([silent.result().usage.output, silent.result().usage.output]).toEqual([2, 2]);
});
