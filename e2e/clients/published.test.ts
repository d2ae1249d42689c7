import * as sesamy from "@sesamy/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as tollgate from "../../packages/client/src/index.ts";
import { drive, type Library, methodsOf } from "./drive.ts";
import { type Newsroom, openNewsroom } from "./newsroom.ts";
import { type Answer, complaintsAbout } from "./published-types.ts";

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.[Symbol.asyncDispose]());

type Exchange = { call: string; contentType: string | null; status: number; body: string };

/** What goes over the network from here on; both libraries use the runtime's own fetch. */
function listen(): Exchange[] {
  const exchanges: Exchange[] = [];
  const send = fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const response = await send(url, init);
    const headers = new Headers(init.headers);
    // The server lives in this process as well, and makes calls of its own.
    if (headers.has("x-sesamy-client")) {
      exchanges.push({
        call: `${init.method ?? "GET"} ${new URL(url).pathname}`,
        contentType: headers.get("content-type"),
        status: response.status,
        body: await response.clone().text(),
      });
    }
    return response;
  });
  return exchanges;
}
afterEach(() => {
  vi.unstubAllGlobals();
});

/** An answer without anything in it would fit every type. */
const isEmpty = ({ value }: Answer) => Array.isArray(value) && value.length === 0;

describe.each([
  ["@sesamy/sdk", sesamy as unknown as Library, "published"],
  ["@tollgate/client", tollgate as Library, "ours"],
])("%s against a started server", (_, library, who) => {
  let answers: Answer[] = [];
  let exchanges: Exchange[] = [];

  test("P-150: all 48 methods of the client and all 33 of the management complete", async () => {
    exchanges = listen();
    answers = await drive(library, newsroom, who);
    const config = { baseUrl: "", tokenProvider: async () => "" };
    const names = [
      ...methodsOf(library.client(config), "client"),
      ...methodsOf(library.management(config), "management"),
    ];
    expect(names).toHaveLength(48 + 33);
    expect([...new Set(answers.map(({ method }) => method))].sort()).toEqual(names.sort());
  }, 90_000);

  test("P-3, P-5, P-8: every call says application/json, also with nothing to send, and no 2xx but 204 is empty", () => {
    expect(exchanges.length).toBeGreaterThan(80);
    const without = exchanges.filter(({ call }) => /^(GET|DELETE) /.test(call));
    expect(without.some(({ call }) => call.startsWith("DELETE "))).toBe(true);
    for (const { call, contentType } of without) expect(contentType, call).toBe("application/json");
    for (const { call, status, body } of exchanges) {
      expect(status, call).toBeLessThan(300);
      if (status === 204) expect(body, call).toBe("");
      else expect(() => JSON.parse(body), call).not.toThrow();
    }
  });

  test("P-1, P-2, P-150: every answer is what the published declarations say, and no list was always empty", async () => {
    expect(answers.length).toBeGreaterThan(80);
    expect(await complaintsAbout(answers)).toEqual([]);
    const filled = new Set(answers.filter((it) => !isEmpty(it)).map(({ method }) => method));
    expect(answers.filter((it) => !filled.has(it.method)).map(({ method }) => method)).toEqual([]);
  });
});
