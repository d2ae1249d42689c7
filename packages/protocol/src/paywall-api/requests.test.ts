import { describe, expect, it } from "vitest";
import type * as z from "zod";
import {
  adjustBalanceRequest,
  anonymousSignInRequest,
  bootstrapQuery,
  cancelSubscriptionRequest,
  customerPortalRequest,
  emailSignInRequest,
  emailSignUpRequest,
  eventsRequest,
  isStoredEvent,
  otpSendRequest,
  otpVerifyRequest,
  parseRequest,
  refreshRequest,
  startCheckoutRequest,
  supportTicketRequest,
} from "./index.ts";

/** The parsed request, or the code it is refused with. */
function read<S extends z.ZodType>(schema: S, input: unknown): z.output<S> | string {
  const parsed = parseRequest(schema, input);
  return parsed.ok ? parsed.data : parsed.code;
}

const checkout = { email: "ana@example.com", priceId: 101 };

describe("start-checkout", () => {
  it("takes the price as a number, as digits or as our id, and hands on text", () => {
    for (const priceId of [101, "101", " 101 "])
      expect(read(startCheckoutRequest, { ...checkout, priceId })).toMatchObject({ priceId: "101" });
    expect(
      read(startCheckoutRequest, { ...checkout, priceId: "po_01K9ZQ3V7M4T8X2B6N5P0R1S2T" }),
    ).toMatchObject({ priceId: expect.stringMatching(/^po_/) });
  });

  it("ignores keys it does not know and treats null as absent", () => {
    const sent = {
      ...checkout,
      offerId: null,
      successUrl: null,
      trial_days: null,
      userMeta: null,
      futureField: { a: 1 },
    };
    expect(read(startCheckoutRequest, sent)).toEqual({ email: "ana@example.com", priceId: "101" });
  });

  it("refuses a missing or null price as missing parameters, not as a bad one", () => {
    expect(read(startCheckoutRequest, { email: "ana@example.com" })).toBe("missing_parameters");
    expect(read(startCheckoutRequest, { email: "ana@example.com", priceId: null })).toBe(
      "missing_parameters",
    );
  });

  it.each([
    ["successUrl", "invalid_success_url"],
    ["errorUrl", "invalid_error_url"],
    ["shopUrl", "invalid_shop_url"],
  ])("takes only http and https as %s", (field, code) => {
    for (const bad of ["javascript:alert(1)", "//evil.example", "ftp://a.example", "https://", "", 7]) {
      expect(read(startCheckoutRequest, { ...checkout, [field]: bad }), String(bad)).toBe(code);
    }
    expect(read(startCheckoutRequest, { ...checkout, [field]: "HTTPS://a.example/x?y#z" })).toMatchObject({
      priceId: "101",
    });
  });

  it("makes the host's metadata flat text and bounds it", () => {
    const userMeta = { userId: 7, beta: true, gone: null };
    expect(read(startCheckoutRequest, { ...checkout, userMeta })).toMatchObject({
      userMeta: { userId: "7", beta: "true" },
    });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"]));
    for (const bad of [{ a: {} }, { a: "x".repeat(501) }, { ["k".repeat(41)]: "v" }, many, "text", []]) {
      expect(read(startCheckoutRequest, { ...checkout, userMeta: bad })).toBe("invalid_payload");
    }
  });

  it("ignores a visitor id that is too short to be one", () => {
    expect(read(startCheckoutRequest, { ...checkout, visitorId: "short" })).toEqual({
      email: "ana@example.com",
      priceId: "101",
    });
    const visitorId = "11111111-2222-4333-8444-555555555555";
    expect(read(startCheckoutRequest, { ...checkout, visitorId })).toMatchObject({ visitorId });
  });
});

describe("e-mail addresses", () => {
  it("are compared without case and surrounding space", () => {
    expect(read(emailSignInRequest, { email: "  Ana@Example.COM ", password: "x" })).toMatchObject({
      email: "ana@example.com",
    });
  });

  it("are told apart as missing and malformed", () => {
    expect(read(otpSendRequest, {})).toBe("email_required");
    expect(read(otpSendRequest, { email: null })).toBe("email_required");
    for (const bad of ["", "ana", "ana@", "a b@c.de", `${"a".repeat(250)}@b.co`, 7, {}]) {
      expect(read(otpSendRequest, { email: bad }), String(bad)).toBe("invalid_email");
    }
  });
});

describe("sign-in bodies", () => {
  const ana = { email: "ana@example.com" };

  it("call a short password weak only where it is being chosen", () => {
    expect(read(emailSignUpRequest, { ...ana, password: "12345" })).toBe("weak_password");
    expect(read(emailSignUpRequest, { ...ana, password: "123456" })).toMatchObject(ana);
    expect(read(emailSignInRequest, { ...ana, password: "1" })).toMatchObject(ana);
  });

  it("fill in what 3.x clients leave out", () => {
    expect(read(otpSendRequest, ana)).toEqual({ ...ana, create_user: true });
    expect(read(otpVerifyRequest, { ...ana, token: "123456" })).toMatchObject({ type: "email" });
    expect(read(anonymousSignInRequest, {})).toEqual({});
  });

  it("refuse an unknown code type by name, and never judge the code itself", () => {
    expect(read(otpVerifyRequest, { ...ana, token: "1", type: "sms" })).toBe("invalid_type");
    expect(read(otpVerifyRequest, { ...ana, token: "abc" })).toMatchObject({ token: "abc" });
  });

  it("take a refresh token of the wrong shape for an unknown one", () => {
    for (const refresh_token of [undefined, null, "", 7, "x".repeat(513)]) {
      expect(read(refreshRequest, { refresh_token })).toBe("invalid_refresh_token");
    }
  });
});

describe("the other bodies", () => {
  it("take paywallId as a number and as text", () => {
    const body = { subscriptionId: "s", cancellationReason: "other" };
    for (const paywallId of [3, "3"])
      expect(read(cancelSubscriptionRequest, { ...body, paywallId })).toMatchObject({ paywallId: "3" });
    expect(read(cancelSubscriptionRequest, { ...body, cancellationReason: "  " })).toBe("invalid_payload");
    expect(read(customerPortalRequest, { returnUrl: "data:text/html,x" })).toBe("invalid_return_url");
  });

  it("bound a ticket at 3 and 200, 1 and 5000 characters", () => {
    const ticket = (subject: string, content: string) =>
      read(supportTicketRequest, { subject, content, customer_email: "" });
    expect(ticket("ab", "x")).toBe("subject_length");
    expect(ticket("x".repeat(201), "x")).toBe("subject_length");
    expect(ticket("abc", "")).toBe("content_length");
    expect(ticket("abc", "x".repeat(5001))).toBe("content_length");
    expect(ticket("x".repeat(200), "x".repeat(5000))).toMatchObject({ customer_email: undefined });
  });

  it("name what is wrong with a balance change", () => {
    const body = { email: "ana@example.com", type: "standard", amount: 1, op: "debit" };
    expect(read(adjustBalanceRequest, { ...body, type: "" })).toBe("type_required");
    for (const amount of [0, -1, 1.5, "1", null])
      expect(read(adjustBalanceRequest, { ...body, amount })).toBe("invalid_amount");
    expect(read(adjustBalanceRequest, { ...body, op: "set" })).toBe("invalid_op");
  });

  it("treat a malformed if_version as none", () => {
    for (const if_version of [undefined, "x".repeat(200), ["a"], 7])
      expect(read(bootstrapQuery, { if_version })).toEqual({});
  });

  it("say which field is wrong in a sentence", () => {
    const parsed = parseRequest(cancelSubscriptionRequest, { subscriptionId: "s", cancellationReason: "" });
    expect(parsed).toMatchObject({
      ok: false,
      field: "cancellationReason",
      message: "cancellationReason: must say why",
    });
  });
});

describe("events", () => {
  const event = { type: "paywall_viewed", ts: 1_795_339_700_000 };

  it("pass up to a hundred at once, and one more is too many whatever it holds", () => {
    expect(read(eventsRequest, { events: Array(100).fill(event) })).toMatchObject({
      events: { length: 100 },
    });
    expect(read(eventsRequest, { events: Array(101).fill(event) })).toBe("too_many_events");
    expect(read(eventsRequest, { events: Array(101).fill(null) })).toBe("too_many_events");
  });

  it("read a beacon's sender from the body", () => {
    const beacon = {
      events: [event],
      visitor_id: "v",
      user_id: null,
      sdk_version: "3.5.1",
      paywall_id: 3,
      capabilities: "",
    };
    expect(read(eventsRequest, beacon)).toMatchObject({ paywall_id: "3", sdk_version: "3.5.1" });
  });

  it("store the eleven names and the host's own, and nothing else", () => {
    for (const name of ["app_opened", "paywall_viewed", "error", "host:export_blocked"])
      expect(isStoredEvent(name), name).toBe(true);
    for (const name of [
      "paywall_opened",
      "auth_signout",
      "host:",
      "HOST:x",
      "constructor",
      `host:${"x".repeat(60)}`,
    ]) {
      expect(isStoredEvent(name), name).toBe(false);
    }
  });
});
