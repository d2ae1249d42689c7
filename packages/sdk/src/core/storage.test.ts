import { afterEach, expect, test, vi } from "vitest";
import { generateVisitorId, STORAGE_KEYS } from "./storage.ts";

afterEach(() => vi.unstubAllGlobals());

test("it is a UUID v4 also where the browser has no randomUUID", () => {
  const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(generateVisitorId()).toMatch(v4);
  const { getRandomValues } = crypto;
  vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
  expect(generateVisitorId()).toMatch(v4);
  vi.stubGlobal("crypto", undefined);
  expect(generateVisitorId()).toMatch(v4);
});

test("B-27, B-28: the keys are the ones other clients use", () => {
  expect(STORAGE_KEYS.visitorId).toBe("pw-visitor-id");
  expect(STORAGE_KEYS.authSession("7")).toBe("pw-7-auth-v1");
  expect(STORAGE_KEYS.anonRefreshToken("7")).toBe("pw-7-anon-rt-v1");
  expect(STORAGE_KEYS.bootstrap("7")).toBe("pw-7-bootstrap-v1");
  expect(STORAGE_KEYS.userState("7", "a@b.c")).toBe("pw-7-a@b.c-user-v1");
  expect(STORAGE_KEYS.balances("7", "guest")).toBe("pw-7-guest-balances-v1");
  expect(STORAGE_KEYS.checkoutPending("7")).toBe("pw-7-checkout-pending-v1");
  expect(STORAGE_KEYS.experiment("7")).toBe("pw-7-exp-v1");
  expect(STORAGE_KEYS.edgeState("pay.a.b:8443")).toBe("pw-edge-pay.a.b:8443-v1");
  expect(STORAGE_KEYS.lastLoginMethod("7")).toBe("pw-7-last-login-method");
  expect(STORAGE_KEYS.lastLoginEmail("7")).toBe("pw-7-last-login-email");
});
