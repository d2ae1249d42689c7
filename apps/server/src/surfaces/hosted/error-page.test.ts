import { expect, test } from "vitest";
import { startTestServer } from "../../../test/kit.ts";
import { createApp } from "../../app.ts";

test("a person who follows a dead link sees a page, and a program keeps the envelope of the path's contract", async () => {
  await using server = await startTestServer();
  const { app } = createApp(server.deps);
  const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  const seen = await app.request("/no-such-page", { headers: browser });
  expect(seen.status).toBe(404);
  expect(seen.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(seen.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await seen.text()).toContain("There is nothing here");

  const program = await app.request("/no-such-page", { headers: { accept: "*/*" } });
  expect([program.status, await program.json()]).toEqual([
    404,
    {
      error: {
        code: "resource_not_found",
        message: "There is no such resource.",
        request_id: expect.any(String),
      },
    },
  ]);
  const wire = await app.request("/api/v1/no-such-endpoint", { headers: browser });
  expect(wire.headers.get("content-type")).toMatch(/^application\/json/);
  expect([wire.status, await wire.json()]).toEqual([
    404,
    { error: "not_found", code: "not_found", message: "There is nothing at this address." },
  ]);
});

test("a short link or a gift that has run out shows a person a page, and a program the publisher's envelope", async () => {
  await using server = await startTestServer();
  const { app } = createApp(server.deps);
  for (const path of [`/l/${"a".repeat(22)}`, `/g/${"a".repeat(22)}`]) {
    const seen = await app.request(path, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([seen.status, seen.headers.get("content-type")], path).toEqual([404, "text/html; charset=utf-8"]);
    expect(await seen.text()).toContain("There is nothing here");
    const program = await app.request(path, { headers: { accept: "*/*" } });
    expect([program.status, await program.json()], path).toMatchObject([
      404,
      { error: { code: "resource_not_found" } },
    ]);
  }
});

test("a failure of ours is told to a person without its cause, with the number to ask about", async () => {
  await using server = await startTestServer();
  const { app } = createApp(server.deps);
  app.get("/fails", () => {
    throw new Error("the secret cause");
  });
  const seen = await app.request("/fails", { headers: { accept: "text/html", "x-request-id": "req-1" } });
  const text = await seen.text();
  expect(seen.status).toBe(500);
  expect(text).toContain("Something went wrong");
  expect(text).toContain(seen.headers.get("x-request-id") ?? "name this number");
  expect(text).not.toContain("secret cause");
});
