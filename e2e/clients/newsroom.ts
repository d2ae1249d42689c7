import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loggedIn } from "../../apps/server/test/login.ts";
import { keyOf } from "../../apps/server/test/management.ts";
import { moveClock } from "../../apps/server/test/selling.ts";
import { applyYaml, idsOf } from "../../apps/server/test/setup.ts";
import type { Shop } from "../../apps/server/test/shop.ts";
import { type RealServer, startRealServer } from "../sdk/real-server.ts";

/** A newspaper on a server of its own: a pass, an article, a printed issue, a metered paywall, and its site. */
export type Newsroom = {
  server: RealServer;
  /** What clients call the base URL. */
  origin: string;
  tenantId: string;
  paywallId: string;
  /** Moves the newspaper's clock, and does what has become due. */
  passDays(days: number): Promise<void>;
  option(key: "monthly" | "article" | "print"): string;
  /** An article of the site, which the proxy may fetch. */
  articleUrl: string;
  /** The header that somebody who signs in with this address gets. */
  readerToken(email: string): Promise<string>;
  /** The header of the newsroom's back end. */
  backEndToken: string;
  [Symbol.asyncDispose](): Promise<void>;
};

const ARTICLE =
  "<!doctype html><title>An article</title><body><h1>Title</h1><div id=text><p>One.</p></div></body>";

const fileOf = (site: string) => ({
  version: 1,
  tenants: [
    {
      slug: "daily",
      name: "The Daily",
      currency: "EUR",
      brandColor: "#112233",
      supportEmail: "help@daily.example",
      clients: [{ clientId: "daily", kind: "browser", origins: ["https://www.daily.example", site] }],
      products: [
        { sku: "sid:daily", title: "Everything", type: "pass", urlPatterns: [`${site}/*`] },
        {
          sku: "sid:article",
          title: "An article",
          type: "article",
          url: `${site}/article`,
          publisherContentId: "a-1",
        },
        {
          sku: "sid:print",
          title: "The printed Daily",
          type: "physical_issue",
          contains: ["sid:poster"],
          fulfillment: { provider: "post" },
        },
        {
          sku: "sid:poster",
          title: "A poster",
          type: "feature",
          fulfillment: { provider: "post", each: "request" },
        },
      ],
      processors: [{ key: "box", kind: "sandbox" }],
      discountCodes: [{ code: "SPRING", percent: 20 }],
      meters: [{ key: "free", limit: 3, period: "month" }],
      paywalls: [
        {
          key: "news",
          name: "News",
          surface: "publisher",
          product: "sid:daily",
          meter: "free",
          publisher: { headline: "Read on", features: ["Everything"], footerPaymentMethods: ["visa"] },
          purchaseOptions: [
            { key: "monthly", interval: "month", amount: 4.9, label: "Monthly" },
            {
              key: "article",
              interval: "lifetime",
              amount: 1.5,
              label: "This article",
              product: "sid:article",
            },
            { key: "print", interval: "month", amount: 12, label: "On paper", product: "sid:print" },
          ],
        },
      ],
    },
  ],
});

async function startSite(): Promise<{ origin: string; close(): void }> {
  const http = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(ARTICLE),
  );
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}

export async function openNewsroom(env: Record<string, string> = {}): Promise<Newsroom> {
  const site = await startSite();
  const server = await startRealServer({ TOLLGATE_CONTENT_ALLOW: site.origin, ...env });
  await applyYaml(server, JSON.stringify(fileOf(site.origin)));
  const ids = await idsOf(server, "daily");
  const key = await keyOf(server, ids.tenantId);
  return {
    server,
    origin: server.origin,
    tenantId: ids.tenantId,
    paywallId: ids.paywall("news").id,
    passDays: (days) => moveClock(server, { tenantId: ids.tenantId } as Shop, { days }),
    option: (name) => ids.option(name).id,
    articleUrl: `${site.origin}/article`,
    readerToken: async (email) => `Bearer ${(await loggedIn(server, "daily", email)).answer.access_token}`,
    backEndToken: key.authorization,
    async [Symbol.asyncDispose]() {
      site.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
