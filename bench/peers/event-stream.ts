// A model's API: `max_tokens` events, `seed` milliseconds apart, each with the moment (monotonic, µs) it was written.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const server = createServer(async (request, response) => {
  response.on("error", () => {});
  let text = "";
  for await (const chunk of request) text += chunk;
  const { max_tokens: count = 1, seed: pauseMs = 0 } = JSON.parse(text || "{}") as Record<string, number>;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let sent = 0; sent < count && !response.destroyed; sent += 1) {
    if (sent > 0) await sleep(pauseMs);
    const content = String(process.hrtime.bigint() / 1000n);
    response.write(
      `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content } }] })}\n\n`,
    );
  }
  response.end("data: [DONE]\n\n");
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(`http://127.0.0.1:${address.port}/v1`);
});
