import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { PaywallBootstrap, PaywallUser } from "../src/core/index.ts";

/** A small stand-in for the edge of the system: enough of the wire to click through the modal. */
export interface FixtureServer {
  origin: string;
  bootstrap: PaywallBootstrap;
  /** Requests seen, as "METHOD path". */
  requests: string[];
  /** Headers and body of the last checkout. */
  checkouts: Record<string, unknown>[];
  /** Analytics events received. */
  events: { type: string; props?: Record<string, unknown> }[];
  /** E-mail addresses that have paid. */
  paid: Set<string>;
  /** Ids of what every payer has bought. */
  purchases: string[];
  /** Lets a payer start another checkout. */
  allowRenewal: boolean;
  /** Paths (by ending) that answer with this status and body instead. */
  faults: Map<string, { status: number; body: object; times?: number }>;
  close(): Promise<void>;
}

export const OTP_CODE = "123456";

export const sampleBootstrap = (): PaywallBootstrap => ({
  version: "sha256:fixture",
  settings: {
    id: "1",
    name: "Inkwell Pro",
    brand_color: "#4353e0",
    checkout_mode: "preauth",
    is_test_mode: true,
  },
  prices: [
    {
      id: "101",
      currency: "USD",
      amount: 99.99,
      interval: "year",
      interval_count: 1,
      trial_days: 7,
      label: "Yearly",
    },
    { id: "102", currency: "USD", amount: 12, interval: "month", interval_count: 1, trial_days: null },
    { id: "103", currency: "USD", amount: 249, interval: "lifetime", interval_count: null, trial_days: null },
  ],
  offers: [],
  layout: {
    type: "modal",
    blocks: [
      { type: "heading", text: "Write without limits", level: 1 },
      { type: "text", text: "Everything in Inkwell, on every device." },
      {
        type: "features_list",
        items: [
          { id: "a", name: "Export to PDF and Word" },
          { id: "b", name: "Unlimited documents" },
          { id: "c", name: "Version history" },
        ],
      },
      { type: "price_grid", popular_price_id: "101" },
      { type: "cta_button", action: "checkout" },
      { type: "guarantee_badge", title: "14-day money-back guarantee" },
      { type: "current_session" },
    ],
  },
});

const userFor = (active: boolean, purchases: string[]): PaywallUser => ({
  has_active_subscription: active,
  purchases: active
    ? purchases.map((id) => ({ id, status: "active", current_period_end: null, cancel_at_period_end: false }))
    : [],
  trial: null,
  had_previous_trial: false,
});

async function bundle(): Promise<string> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: { input: `${root}src/index.ts`, preserveEntrySignatures: "strict" },
    },
  })) as { output: { code?: string }[] };
  return output.map((chunk) => chunk.code ?? "").join("");
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Host page</title><style>body{font:16px system-ui;margin:40px;min-height:2000px}</style>
<h1>Host page</h1><p>A page with a <a href="#x" id="link">link</a> and a <button id="buy">button</button>.</p>
<script type="module">import * as sdk from "/sdk.js"; window.sdk = sdk; window.dispatchEvent(new Event("sdk"));</script>`;

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return {};
  }
}

export async function startFixtureServer(port = 0): Promise<FixtureServer> {
  const script = await bundle();
  const state: Omit<FixtureServer, "origin" | "close"> = {
    bootstrap: sampleBootstrap(),
    requests: [],
    checkouts: [],
    events: [],
    paid: new Set(),
    purchases: ["sub_1"],
    allowRenewal: false,
    faults: new Map(),
  };
  let serial = 0;
  const emails = new Map<string, string>();

  const tokens = (email: string) => {
    const access_token = `at_${++serial}`;
    emails.set(access_token, email);
    return {
      access_token,
      refresh_token: `rt_${serial}`,
      expires_in: 3600,
      expires_at: null,
      token_type: "bearer",
      user: { id: `user_${email}`, email },
    };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, origin: string) => {
    const url = new URL(request.url ?? "/", origin);
    const send = (status: number, body: unknown, type = "application/json") => {
      response.writeHead(status, {
        "Content-Type": type,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers":
          "Accept, Authorization, Content-Type, Idempotency-Key, X-Paywall-Id, X-SDK-Version, X-User-Email, X-Visitor-Id, X-User-Id",
      });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (request.method === "OPTIONS") return send(204, "");
    const { pathname } = url;
    const call = pathname.replace(/^\/api\/v1\/paywall\/\d+\//, "");
    if (pathname === "/") return send(200, page, "text/html");
    if (pathname === "/sdk.js") return send(200, script, "text/javascript");
    state.requests.push(`${request.method} ${pathname}${url.search}`);
    if (pathname === "/pay") {
      state.paid.add(url.searchParams.get("email") ?? "");
      return send(200, "<title>Checkout</title><h1>Paid</h1>", "text/html");
    }
    if (pathname === "/checkout") return send(200, "<title>Checkout</title><h1>Checkout</h1>", "text/html");
    const fault = state.faults.get(call);
    if (fault) {
      if (fault.times !== undefined && --fault.times <= 0) state.faults.delete(call);
      return send(fault.status, fault.body);
    }
    const bearer = request.headers.authorization?.slice(7) ?? "";
    const email = emails.get(bearer) ?? String(request.headers["x-user-email"] ?? "");
    const body = await readBody(request);
    const user = userFor(state.paid.has(email), state.purchases);
    if (call === "bootstrap") return send(200, { ...state.bootstrap, user });
    if (call === "user-state") return send(200, user);
    if (call === "balances") return send(200, { balances: [], tokenization: false });
    if (call === "events") {
      state.events.push(...(body.events as FixtureServer["events"]));
      return send(204, "");
    }
    if (call === "support/ticket") return send(200, { ticket: { id: 7, status: "open" } });
    if (call === "start-checkout") {
      if (state.paid.has(email) && !state.allowRenewal)
        return send(409, { error: "already_active", hasActivePurchase: true });
      state.checkouts.push({ ...body, key: request.headers["idempotency-key"], bearer });
      const target = `${origin}/checkout?email=${encodeURIComponent(email || String(body.email))}`;
      return send(200, { checkoutUrl: target, userId: "u", acquiring: "stripe" });
    }
    if (call === "auth/otp/verify")
      return body.token === OTP_CODE
        ? send(200, tokens(String(body.email)))
        : send(401, { error: "invalid_otp", code: "invalid_otp", message: "wrong" });
    if (call === "auth/email/signin")
      return body.password === "correct"
        ? send(200, tokens(String(body.email)))
        : send(401, { error: "invalid_credentials", code: "invalid_credentials", message: "wrong" });
    if (call === "auth/email/signup")
      return send(200, { status: "confirmation_required", user: { id: "u", email: body.email } });
    if (call.startsWith("auth/")) return send(200, { ok: true });
    return send(404, { error: "not_found", code: "not_found", message: "no such path" });
  };

  const server: Server = createServer((request, response) => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    answer(request, response, origin).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return Object.assign(state, {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
