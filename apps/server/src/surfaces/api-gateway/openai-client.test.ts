import OpenAI from "openai";
import { expect, test } from "vitest";
import { useGateway } from "../../../test/gateway.ts";
import { event, ok } from "../../../test/upstream.ts";

const gateway = useGateway();
const clientOf = (provider: string) =>
  new OpenAI({
    apiKey: gateway.customer.accessToken,
    baseURL: `${gateway.origin}/api/v1/openai/${gateway.shop.paywall}/${provider}`,
    maxRetries: 0,
  });
const messages = [{ role: "user" as const, content: "Hello" }];

test("the official openai client, unmodified, chats with a customer's token in the place of a key", async () => {
  const provider = await gateway.provider({ apiKey: "sk-real" });
  await gateway.give(1);
  gateway.upstream.answer = (response) =>
    ok(response, { model: "gpt-x", choices: [{ message: { role: "assistant", content: "Hi" } }] });
  const answer = await clientOf(provider).chat.completions.create({ model: "gpt-x", messages });
  expect(answer.choices[0]?.message.content).toBe("Hi");
  const [call] = gateway.upstream.calls;
  expect([call!.path, call!.headers.authorization]).toEqual(["/v1/chat/completions", "Bearer sk-real"]);
  expect(await gateway.balance()).toBe(0);
});

test("the official openai client streams, and stops a stream", async () => {
  const provider = await gateway.provider();
  await gateway.give(2);
  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of ["Gr", "üße", " 🌍"])
      response.write(event({ choices: [{ index: 0, delta: { content } }] }));
    response.end(event("[DONE]"));
  };
  const stream = await clientOf(provider).chat.completions.create({ model: "gpt-x", messages, stream: true });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  expect(text).toBe("Grüße 🌍");

  gateway.upstream.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ choices: [{ index: 0, delta: { content: "never ends" } }] }));
  };
  const endless = await clientOf(provider).chat.completions.create({
    model: "gpt-x",
    messages,
    stream: true,
  });
  for await (const _ of endless) break;
  await gateway.upstream.calls[1]!.closed;
});

test("the official openai client reads our refusals: out of credits, and nobody's session", async () => {
  const provider = await gateway.provider();
  const ask = (client: OpenAI) => client.chat.completions.create({ model: "gpt-x", messages });
  await expect(ask(clientOf(provider))).rejects.toMatchObject({ status: 402, code: "not-enough-queries" });
  const stranger = clientOf(provider);
  stranger.apiKey = "sk-somebody";
  await expect(ask(stranger)).rejects.toMatchObject({ status: 401, code: "invalid_token" });
});
