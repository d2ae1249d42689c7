import { describe, expect, it } from "vitest";
import {
  block,
  CORS_ALLOW_HEADERS,
  defaultLayout,
  ERRORS,
  type ErrorCode,
  emptyUser,
  errorBody,
  errorsOf,
  layout,
  type OpenApiOperation,
  PAYWALL_API_ENDPOINTS,
  PAYWALL_API_TAGS,
  paywallUser,
  toOpenApi,
  visibility,
  WEBHOOK_EXAMPLES,
  WEBHOOK_TYPES,
  webhookEvent,
} from "./index.ts";

const document = toOpenApi(PAYWALL_API_ENDPOINTS, {
  info: { title: "Test", version: "0", description: "" },
  servers: [{ url: "https://pay.example.com" }],
  tags: [...PAYWALL_API_TAGS],
  webhooks: { schema: webhookEvent, examples: WEBHOOK_EXAMPLES },
});
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation: operation as OpenApiOperation,
  })),
);

describe("the endpoint table", () => {
  it("holds the contract's rows 1 to 25 without the gateway, the earlier way to take credits, and the purchase signal, the trial state and the usage, which are ours", () => {
    expect(
      PAYWALL_API_ENDPOINTS.map(
        (it) => `${it.method} ${it.path.replace("/api/v1/paywall/{id}", "…")}`,
      ).sort(),
    ).toEqual(
      [
        "GET …/balances",
        "GET …/bootstrap",
        "GET …/purchase-signal",
        "GET …/trial-state",
        "GET …/usage",
        "GET …/user",
        "GET …/user-state",
        "POST /api/paywall/cancel-subscription",
        "POST /api/v1/withdraw-tokens",
        "POST …/auth/anonymous/signin",
        "POST …/auth/anonymous/upgrade",
        "POST …/auth/email/resend",
        "POST …/auth/email/signin",
        "POST …/auth/email/signup",
        "POST …/auth/oauth/exchange",
        "POST …/auth/oauth/init",
        "POST …/auth/otp/send",
        "POST …/auth/otp/verify",
        "POST …/auth/password/request-reset",
        "POST …/auth/password/update",
        "POST …/auth/refresh",
        "POST …/auth/revoke-all",
        "POST …/auth/signout",
        "POST …/balances",
        "POST …/events",
        "POST …/get-customer-portal",
        "POST …/start-checkout",
        "POST …/support/ticket",
        "POST …/trial-state",
      ].sort(),
    );
  });

  it.each(PAYWALL_API_ENDPOINTS)(
    "$id: every example is what its schema says",
    ({ request, responses, example }) => {
      for (const part of ["params", "query", "headers", "body"] as const) {
        const sample = example.request[part];
        if (sample !== undefined)
          expect(request[part]?.safeParse(sample), part).toMatchObject({ success: true });
      }
      if (request.body) expect(example.request.body, "an example body").toBeDefined();
      for (const [status, schema] of Object.entries(responses)) {
        if (!schema) continue;
        const sample = example.responses[Number(status)];
        expect(sample, `an example for ${status}`).toBeDefined();
        // What is sent must survive parsing unchanged: nothing undocumented in it, and nothing left out.
        expect(schema.parse(sample), status).toEqual(sample);
      }
    },
  );

  it.each(PAYWALL_API_ENDPOINTS)(
    "$id: a body with an unknown key is read as if without it",
    ({ request, example }) => {
      if (!request.body) return;
      const body = example.request.body as object;
      expect(request.body.parse({ ...body, some_future_key: { nested: true } })).toEqual(
        request.body.parse(body),
      );
    },
  );

  it.each(PAYWALL_API_ENDPOINTS)("$id: documents the refusals of the credentials it takes", (endpoint) => {
    const codes = errorsOf(endpoint);
    if (endpoint.auth.includes("key")) expect(codes).toContain("invalid_api_key");
    // A session that has ended counts as none there.
    const lenient = endpoint.id === "bootstrap" || endpoint.id === "startOAuth";
    if (endpoint.auth.includes("bearer") && !lenient) expect(codes).toContain("invalid_token");
  });

  it("names only headers that a browser's preflight allows, apart from those that only servers send", () => {
    const allowed = new Set<string>([...CORS_ALLOW_HEADERS, "X-Client-Ip"]);
    for (const { id, request } of PAYWALL_API_ENDPOINTS) {
      for (const name of Object.keys(request.headers?.shape ?? {}))
        expect(allowed.has(name), `${id}: ${name}`).toBe(true);
    }
  });
});

describe("the OpenAPI document", () => {
  it("refers only to schemas that it holds, and repeats none of them inline", () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) expect(document.components.schemas, name).toHaveProperty(name);
    expect(text).not.toContain("$defs");
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
  });

  it("has one operation per row, each with a name of its own, a declared tag and an answer", () => {
    expect(operations).toHaveLength(PAYWALL_API_ENDPOINTS.length);
    expect(new Set(operations.map((it) => it.operation.operationId)).size).toBe(operations.length);
    const tags = document.tags.map((tag) => tag.name);
    for (const { operation } of operations) {
      expect(tags).toContain(operation.tags[0]);
      expect(Object.keys(operation.responses).some((status) => status.startsWith("2"))).toBe(true);
    }
  });

  it("declares every parameter of every path", () => {
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? []).filter((it) => it.in === "path").map((it) => it.name);
      expect(declared, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    }
  });

  it("lists each refusal under its status with the body it will have", () => {
    const checkout = operations.find((it) => it.operation.operationId === "startCheckout")!.operation;
    const conflict = checkout.responses["409"]!.content!["application/json"]!;
    expect(conflict.schema).toEqual({ $ref: "#/components/schemas/ActivePurchaseError" });
    expect(conflict.examples!.active_purchase!.value).toMatchObject({
      code: "active_purchase",
      hasActivePurchase: true,
    });
    expect(conflict.examples!.idempotency_in_progress!.value).toMatchObject({
      code: "idempotency_in_progress",
    });
    expect(Object.keys(checkout.responses["422"]!.content!["application/json"]!.examples!)).toEqual([
      "idempotency_key_reused",
    ]);
  });

  it("marks optional proof as optional", () => {
    const security = (id: string) =>
      operations.find((it) => it.operation.operationId === id)!.operation.security;
    expect(security("bootstrap")).toEqual([{}, { bearer: [] }]);
    expect(security("getUser")).toEqual([{ bearer: [] }, { key: [] }]);
  });

  it("documents files for the ticket's second encoding", () => {
    const ticket = operations.find((it) => it.operation.operationId === "createTicket")!.operation;
    const form = ticket.requestBody!.content["multipart/form-data"]!.schema as {
      properties: Record<string, unknown>;
    };
    expect(Object.keys(form.properties)).toEqual(["subject", "content", "customer_email", "files"]);
  });

  it("is the same each time", () => {
    const again = toOpenApi(PAYWALL_API_ENDPOINTS, {
      ...document,
      webhooks: { schema: webhookEvent, examples: WEBHOOK_EXAMPLES },
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify(document));
  });
});

describe("errors", () => {
  it("have a refusal's status and a sentence for people", () => {
    for (const [code, { status, message }] of Object.entries(ERRORS)) {
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(message, code).toMatch(/^\S.*[^.\s]$/);
      expect(code, "readable by 3.x clients").toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    }
  });

  it("answer 401 only where a client should refresh or sign in again", () => {
    const refused = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].status === 401).sort();
    expect(refused).toEqual([
      "api_key_required",
      "authorization_required",
      "email_not_confirmed",
      "exchange_failed",
      "invalid_api_key",
      "invalid_credentials",
      "invalid_otp",
      "invalid_refresh_token",
      "invalid_token",
    ]);
  });

  it("keep the three fields that clients read, whatever else is added", () => {
    expect(
      errorBody("insufficient", undefined, { available: 3, code: "x", error: "y", message: "z" }),
    ).toEqual({
      error: "insufficient",
      code: "insufficient",
      message: "Not enough balance",
      available: 3,
    });
    expect(errorBody("upstream", "Card network is down").message).toBe("Card network is down");
  });
});

describe("payloads", () => {
  it("know the ten block types and refuse an eleventh", () => {
    expect(block.options.map((option) => option.shape.type.value)).toHaveLength(10);
    expect(block.safeParse({ type: "video", url: "x" }).success).toBe(false);
    expect(block.safeParse({ type: "features_list" }).success, "items is mandatory").toBe(false);
    expect(block.safeParse({ type: "price_grid", view: "telegram" }).success).toBe(false);
    expect(layout.parse(defaultLayout("")).blocks[0]).toEqual({ type: "heading", text: "Upgrade", level: 1 });
  });

  it("say why a paywall is hidden exactly when it is", () => {
    const seen = { visible: true, reason: null, country: null, tier: null };
    expect(visibility.safeParse(seen).success).toBe(true);
    expect(visibility.safeParse({ ...seen, visible: false }).success).toBe(false);
    expect(visibility.safeParse({ ...seen, reason: "disabled" }).success).toBe(false);
  });

  it("keep the key order of a user, since clients compare its text", () => {
    const user = emptyUser();
    expect(JSON.stringify(paywallUser.parse(user))).toBe(
      '{"has_active_subscription":false,"purchases":[],"trial":null,"had_previous_trial":false}',
    );
    user.purchases.push({ id: "x", status: null, current_period_end: null, cancel_at_period_end: null });
    expect(emptyUser().purchases).toEqual([]);
  });

  it.each(WEBHOOK_TYPES)("show a valid %s message", (type) => {
    expect(webhookEvent.parse(WEBHOOK_EXAMPLES[type])).toEqual(WEBHOOK_EXAMPLES[type]);
  });

  it("show a lifetime purchase as a payment and never as a subscription", () => {
    expect(
      webhookEvent.safeParse({ ...WEBHOOK_EXAMPLES["payment.completed"], type: "subscription.created" })
        .success,
    ).toBe(false);
  });

  it("are documented with the signature header that receivers check", () => {
    const [header] = document.webhooks["payment.completed"]!.post.parameters!;
    expect(header).toMatchObject({ name: "X-Monetize-Signature", in: "header" });
  });
});
