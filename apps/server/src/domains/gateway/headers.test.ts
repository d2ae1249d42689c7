import { expect, test } from "vitest";
import { callerHeaders, upstreamHeaders } from "./headers.ts";

test("the provider's credentials win, and what is ours or the caller's own never leaves", () => {
  const sent = upstreamHeaders(
    {
      authorization: "Bearer session",
      cookie: "a=b",
      "x-api-key": "sk_live_x",
      "x-paywall-id": "1",
      "x-user-id": "u",
      "x-sdk-version": "3",
      "x-forwarded-for": "1.2.3.4",
      origin: "https://shop.example",
      "sec-fetch-mode": "cors",
      connection: "close, x-secret-hop",
      "x-secret-hop": "1",
      "content-length": "3",
      "content-type": "application/json",
      accept: ["text/event-stream", "application/json"],
      "openai-beta": "assistants=v2",
    },
    { Authorization: "Bearer provider", "OpenAI-Beta": "realtime" },
  );
  expect(sent).toEqual({
    "content-type": "application/json",
    accept: "text/event-stream, application/json",
    authorization: "Bearer provider",
    "openai-beta": "realtime",
  });
});

test("an answer sets no cookies at our origin, loosens nothing and ends no connection", () => {
  expect(
    callerHeaders({
      "content-type": "text/event-stream",
      "set-cookie": ["a=b"],
      "access-control-allow-origin": "*",
      "strict-transport-security": "max-age=0",
      "transfer-encoding": "chunked",
      connection: "x-hop",
      "x-hop": "1",
      "x-query-type": "free",
      "openai-processing-ms": "12",
      "x-ratelimit-remaining": "9",
    }),
  ).toEqual({
    "content-type": "text/event-stream",
    "openai-processing-ms": "12",
    "x-ratelimit-remaining": "9",
  });
});
