import * as sesamy from "@sesamy/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as tollgate from "../../packages/client/src/index.ts";
import { drive, type Library, methodsOf } from "./drive.ts";
import { type Newsroom, openNewsroom } from "./newsroom.ts";
import { type Answer, complaintsAbout } from "./published-types.ts";

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.[Symbol.asyncDispose]());

/** An answer without anything in it would fit every type. */
const isEmpty = ({ value }: Answer) => Array.isArray(value) && value.length === 0;

describe.each([
  ["@sesamy/sdk", sesamy as unknown as Library, "published"],
  ["@tollgate/client", tollgate as Library, "ours"],
])("%s against a started server", (_, library, who) => {
  let answers: Answer[] = [];

  test("P-150: all 48 methods of the client and all 33 of the management complete", async () => {
    answers = await drive(library, newsroom, who);
    const config = { baseUrl: "", tokenProvider: async () => "" };
    const names = [
      ...methodsOf(library.client(config), "client"),
      ...methodsOf(library.management(config), "management"),
    ];
    expect(names).toHaveLength(48 + 33);
    expect([...new Set(answers.map(({ method }) => method))].sort()).toEqual(names.sort());
  });

  test("P-1, P-2, P-150: every answer is what the published declarations say, and no list was always empty", async () => {
    expect(answers.length).toBeGreaterThan(80);
    expect(await complaintsAbout(answers)).toEqual([]);
    const filled = new Set(answers.filter((it) => !isEmpty(it)).map(({ method }) => method));
    expect(answers.filter((it) => !filled.has(it.method)).map(({ method }) => method)).toEqual([]);
  });
});
