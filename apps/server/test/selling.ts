import { sql } from "../src/platform/database/index.ts";
import type { TestServer } from "./kit.ts";
import type { Shop } from "./shop.ts";

export const CARDS = {
  ok: "4242424242424242",
  declined: "4000000000000002",
  challenge: "4000002500003155",
  failsLater: "4000000000000341",
  insufficient: "4000000000009995",
  disputed: "4000000000000259",
} as const;

let people = 0;
/** The address of somebody who has not been here before. */
export const someone = (): string => {
  people += 1;
  return `person${people}@example.com`;
};

type StartBody = Record<string, unknown> & { email?: string; priceId?: unknown };

/** `start-checkout` with sensible defaults: a guest who buys the monthly price. */
export const start = (
  server: TestServer,
  shop: Shop,
  body: StartBody = {},
  options: { headers?: Record<string, string>; from?: string } = {},
) =>
  server.post<{ checkoutUrl: string; userId: string; acquiring: string; code?: string }>(
    shop.api("start-checkout"),
    { email: "buyer@example.com", priceId: Number(shop.prices.monthly), ...body },
    options.headers,
    options.from,
  );

/** Posts a form as a browser does. */
export async function postForm(
  server: TestServer,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; location: string | null; html: string; headers: Headers }> {
  const response = await server.fetch(path, {
    method: "POST",
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  return {
    status: response.status,
    location: response.headers.get("location"),
    html: await response.text(),
    headers: response.headers,
  };
}

/** Pays a sandbox session as a person does, with the card's number in the form. */
export const pay = (server: TestServer, checkoutUrl: string, card: string = CARDS.ok) =>
  postForm(server, new URL(checkoutUrl).pathname, { method: "card", card, expiry: "12/44", cvc: "123" });

export type Sale = {
  contractId: string;
  customerId: string;
  userId: string;
  checkoutUrl: string;
  location: string;
};

/** A paid customer in one line: starts a checkout, pays it, and reads what came of it. */
export async function buy(
  server: TestServer,
  shop: Shop,
  options: {
    email?: string;
    price?: keyof Shop["prices"];
    card?: string;
    body?: Record<string, unknown>;
    headers?: Record<string, string>;
    from?: string;
  } = {},
): Promise<Sale> {
  const started = await start(
    server,
    shop,
    {
      email: options.email ?? "buyer@example.com",
      priceId: Number(shop.prices[options.price ?? "monthly"]),
      ...options.body,
    },
    {
      ...(options.headers ? { headers: options.headers } : {}),
      ...(options.from ? { from: options.from } : {}),
    },
  );
  if (started.status !== 200) throw new Error(`no checkout: ${JSON.stringify(started.body)}`);
  const paid = await pay(server, started.body.checkoutUrl, options.card);
  if (paid.status !== 303 || !paid.location)
    throw new Error(`not paid: ${paid.status} ${paid.html.slice(0, 2000)}`);
  const { userId, checkoutUrl } = started.body;
  const contract = await server.deps.db.one<{ contractId: string; customerId: string }>(sql`
    select k.id "contractId", k.customer_id "customerId" from contracts k join checkouts c on c.id = k.checkout_id
    where c.checkout_url = ${checkoutUrl}`);
  return { ...contract, userId, checkoutUrl, location: paid.location };
}

export type UserState = {
  has_active_subscription: boolean;
  purchases: {
    id: string;
    status: string;
    current_period_end: string | null;
    cancel_at_period_end: boolean;
  }[];
  trial: { started_at: string; expires_at: string } | null;
  had_previous_trial: boolean;
};

export const userState = (server: TestServer, shop: Shop, email = "buyer@example.com") =>
  server.get<UserState>(shop.api("user-state"), { "x-user-email": email });

/** What a merchant's back end sees of a customer. */
export const keyedUser = <T = Record<string, unknown>>(server: TestServer, shop: Shop, email: string) =>
  server.get<T>(`${shop.api("user")}?email=${encodeURIComponent(email)}`, { "x-api-key": shop.secretKey });

/** Moves the tenant's clock and does everything that falls due, as `/dev/clock` does. */
export async function moveClock(
  server: TestServer,
  shop: Shop,
  step: { days?: number; hours?: number },
): Promise<void> {
  const ms = ((step.days ?? 0) * 24 + (step.hours ?? 0)) * 3_600_000;
  await server.deps.db.execute(
    sql`update tenants set clock_offset_ms = clock_offset_ms + ${ms} where id = ${shop.tenantId}`,
  );
  await server.settle();
}

/** Types of the events told about a contract (or anything of a tenant), oldest first. */
export async function eventTypes(server: TestServer, shop: Shop, contractId?: string): Promise<string[]> {
  const rows = await server.deps.db.query<{ type: string }>(sql`
    select type from events where tenant_id = ${shop.tenantId} and object_id = coalesce(${contractId ?? null}, object_id)
    order by id`);
  return rows.map((it) => it.type);
}

export const contractOf = (server: TestServer, contractId: string) =>
  server.deps.db.one<{
    state: string;
    periodStartAt: Date;
    periodEndAt: Date | null;
    cancelAtPeriodEnd: boolean;
    cancelReason: string | null;
    endReason: string | null;
    endedAt: Date | null;
    externalId: string;
    metadata: Record<string, string>;
  }>(sql`
    select state, period_start_at "periodStartAt", period_end_at "periodEndAt", cancel_at_period_end "cancelAtPeriodEnd",
      cancel_reason "cancelReason", end_reason "endReason", ended_at "endedAt", external_id "externalId", metadata
    from contracts where id = ${contractId}`);
