import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorFromResponse, PaywallError, QuotaExceededError, toPaywallError } from "./errors.ts";
import * as core from "./index.ts";

describe("packaging", () => {
  test("B-4: SDK_VERSION is the package's version", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(core.SDK_VERSION).toBe(manifest.version);
  });
});

describe("errors", () => {
  test("B-5, B-6: both errors say what they are", () => {
    const cause = { extra: 1 };
    const error = new PaywallError("some_code", "words", { status: 418, cause });
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, name: error.name, cause: error.cause }).toMatchObject({
      name: "PaywallError",
      code: "some_code",
      status: 418,
      cause,
    });
    const quota = new QuotaExceededError({ balances: [], queryType: "image", currentBalance: null });
    expect(quota).toBeInstanceOf(PaywallError);
    expect([quota.code, quota.status, quota.queryType]).toEqual(["not_enough_queries", 402, "image"]);
  });

  test.each([
    ["B-7: code wins over error", { code: "a", error: "b", message: "m" }, "a", "m"],
    ["B-8: a slug error is the code", { error: "invalid_token" }, "invalid_token", "Bad"],
    [
      "B-9: a sentence error is the message",
      { error: "Something went wrong!" },
      "http_400",
      "Something went wrong!",
    ],
    ["B-10: nothing usable", null, "http_400", "Bad"],
    ["a numeric code becomes text", { code: 7 }, "7", "Bad"],
  ])("%s", (_, body, code, message) => {
    const error = errorFromResponse(400, "Bad", body);
    expect([error.code, error.message, error.status]).toEqual([code, message, 400]);
    // B-12
    expect(error.cause).toBe(body);
  });

  test("an error of another bundle's class keeps its code", () => {
    const foreign = Object.assign(new Error("x"), { name: "PaywallError", code: "network_error" });
    expect(toPaywallError(foreign).code).toBe("network_error");
    expect(toPaywallError(new TypeError("x")).code).toBe("unknown");
  });
});
