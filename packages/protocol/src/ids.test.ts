import { describe, expect, it } from "vitest";
import { CREDENTIAL_PREFIXES, ID_PREFIXES, isId } from "./ids.ts";

describe("the register of prefixes", () => {
  it("gives no two entities the same prefix", () => {
    const prefixes = Object.values(ID_PREFIXES);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]{2,5}$/);
  });

  it("keeps credentials apart from handles that may be logged", () => {
    const handles = Object.values(ID_PREFIXES).map((prefix) => `${prefix}_`);
    for (const credential of Object.values(CREDENTIAL_PREFIXES)) {
      for (const handle of handles)
        expect(credential.startsWith(handle), `${credential} and ${handle}`).toBe(false);
    }
  });

  it("recognises an id only with the prefix of its kind and a whole ULID", () => {
    const ulid = "01K9ZQ3V7M4T8X2B6N5P0R1S2T";
    expect(isId("paywall", `pw_${ulid}`)).toBe(true);
    for (const wrong of [
      `pwv_${ulid}`,
      `pw_${ulid.toLowerCase()}`,
      `pw_${ulid}0`,
      `pw_8${ulid.slice(1)}`,
      ulid,
      "pw_",
      "",
    ]) {
      expect(isId("paywall", wrong), wrong).toBe(false);
    }
  });
});
