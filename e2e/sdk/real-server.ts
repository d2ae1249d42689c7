import { createServer } from "node:net";
import { createApp } from "../../apps/server/src/app.ts";
import { createApiKey } from "../../apps/server/src/domains/tenants/index.ts";
import { type RunningServer, serve } from "../../apps/server/src/http/server.ts";
import { ManualClock } from "../../apps/server/src/platform/clock.ts";
import { sql } from "../../apps/server/src/platform/database/index.ts";
import { listMails } from "../../apps/server/src/platform/mail/index.ts";
import { startTestServer, type TestServer } from "../../apps/server/test/kit.ts";
import { pay, start } from "../../apps/server/test/selling.ts";
import { applyYaml, idsOf } from "../../apps/server/test/setup.ts";
import type { Shop } from "../../apps/server/test/shop.ts";

/** Runs like the real one, and can be moved as well. */
class RunningClock extends ManualClock {
  #offset = 0;
  constructor() {
    super(new Date());
  }
  override now(): Date {
    return new Date(Date.now() + this.#offset);
  }
  override advance(step: { days?: number; hours?: number; minutes?: number; seconds?: number; ms?: number }) {
    const before = super.now().getTime();
    super.advance(step);
    this.#offset += super.now().getTime() - before;
  }
}

/** One paywall as the apply file writes it (packages/protocol/src/apply/paywall.ts), without the parts every one has. */
export type PaywallSetup = Record<string, unknown>;

/** What `sell()` gives: a shop on the wire, and the ids its tests speak of. */
export type TestShop = Shop & {
  /** `num` of any purchase option by its key, also of experiment options. */
  price(key: string): string;
  offer(key: string): string;
  /** Publishes another version of the same paywall. */
  publish(paywall: PaywallSetup): Promise<void>;
};

/** The real application on a database of its own, listening on a port, which can go away and come back. */
export type RealServer = TestServer & {
  port: number;
  /** `http://localhost:<port>` */
  origin: string;
  /** Stops listening and cuts every connection; the database stays. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** A tenant of its own with one published paywall; `paywall` overrides the defaults, `tenant` the tenant's fields. */
  sell(paywall?: PaywallSetup, tenant?: Record<string, unknown>): Promise<TestShop>;
  /** Buys as a person at the sandbox does, outside any page. */
  buyFor(shop: Shop, email: string, price?: string): Promise<void>;
  /** The newest code mailed to an address; waits for it. */
  codeFor(email: string): Promise<string>;
  /** The newest link mailed to an address; waits for it. */
  linkFor(email: string): Promise<string>;
};

const OPTIONS = [
  { key: "yearly", interval: "year", amount: 99.99, trialDays: 7, label: "Yearly" },
  { key: "monthly", interval: "month", amount: 12 },
  { key: "lifetime", interval: "lifetime", amount: 249 },
];

const LAYOUT = [
  { type: "heading", text: "Write without limits", level: 1 },
  { type: "text", text: "Everything in Inkwell, on every device." },
  { type: "features_list", items: ["Export to PDF and Word", "Unlimited documents", "Version history"] },
  { type: "price_grid", popular: "yearly" },
  { type: "cta_button" },
  { type: "guarantee_badge", title: "14-day money-back guarantee" },
  { type: "current_session" },
];

let count = 0;

export async function startRealServer(env: Record<string, string> = {}): Promise<RealServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const base = await startTestServer({
    clock: new RunningClock(),
    env: { TOLLGATE_BASE_URL: origin, ...env },
  });
  const { app, fastPath } = createApp(base.deps);
  let http: RunningServer | null = null;
  const comeBack = async () => {
    http ??= await serve(app, { host: "127.0.0.1", port, fastPath });
  };
  const goDown = async () => {
    const running = http;
    http = null;
    await running?.stop(0);
  };
  await comeBack();
  base.deps.jobs.start();

  /** When the newest shop opened: what was mailed before that belongs to an earlier test. */
  let openedAt = new Date(0);
  const mail = async (email: string) => {
    for (let i = 0; i < 200; i++) {
      const [newest] = await listMails(base.deps.db, { to: email, limit: 1 });
      if (newest && new Date(newest.at) >= openedAt) return newest;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no mail reached ${email}`);
  };

  return {
    ...base,
    port,
    origin,
    goDown,
    comeBack,
    async sell(paywall = {}, tenant = {}) {
      openedAt = base.clock.now();
      const slug = `inkwell-${process.pid}-${++count}`;
      const apply = (given: PaywallSetup) =>
        applyYaml(
          base,
          JSON.stringify({
            version: 1,
            tenants: [
              {
                slug,
                name: "Inkwell",
                supportEmail: "help@inkwell.example",
                products: [{ sku: "pro", title: "Inkwell Pro" }],
                processors: [{ key: "sandbox", kind: "sandbox" }],
                ...tenant,
                paywalls: [
                  {
                    key: "app",
                    name: "Inkwell Pro",
                    product: "pro",
                    brandColor: "#4353e0",
                    checkoutMode: "preauth",
                    purchaseOptions: OPTIONS,
                    layout: LAYOUT,
                    ...given,
                  },
                ],
              },
            ],
          }),
        );
      await apply(paywall);
      let ids = await idsOf(base, slug);
      const { id: paywallId, num, productId } = ids.paywall("app");
      const connection = await base.deps.db.one<{ id: string }>(
        sql`select id from processor_connections where tenant_id = ${ids.tenantId}`,
      );
      const key = await base.deps.db.transaction((tx) =>
        createApiKey(tx, base.deps, { tenantId: ids.tenantId, name: "test", kind: "secret", mode: "test" }),
      );
      const price = (name: string) => String(ids.option(name).num);
      const optional = (name: string) => {
        try {
          return price(name);
        } catch {
          return "";
        }
      };
      return {
        tenantId: ids.tenantId,
        slug,
        paywallId,
        paywall: String(num),
        productId,
        connectionId: connection.id,
        secretKey: key.secret,
        prices: { monthly: optional("monthly"), yearly: optional("yearly"), lifetime: optional("lifetime") },
        api: (path) => `/api/v1/paywall/${num}/${path}`,
        price,
        offer: (name) => ids.offer(name).id,
        async publish(next) {
          await apply(next);
          ids = await idsOf(base, slug);
        },
      };
    },
    async buyFor(shop, email, price) {
      const started = await start(base, shop, { email, priceId: Number(price ?? shop.prices.monthly) });
      if (started.status !== 200) throw new Error(`no checkout: ${JSON.stringify(started.body)}`);
      const paid = await pay(base, started.body.checkoutUrl);
      if (paid.status !== 303) throw new Error(`not paid: ${paid.status}`);
    },
    codeFor: async (email) => (await mail(email)).code ?? "",
    linkFor: async (email) => (await mail(email)).links[0] ?? "",
    async [Symbol.asyncDispose]() {
      await goDown();
      await base[Symbol.asyncDispose]();
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
