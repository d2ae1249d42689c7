import { saveOAuthClient } from "../../apps/server/src/domains/tenants/index.ts";
import { applyYaml, idsOf } from "../../apps/server/test/setup.ts";
import { type RealServer, startRealServer } from "../sdk/real-server.ts";

/** A newspaper on a server of its own: a pass, an article, a metered paywall, and clients of the login service. */
export type Newsroom = {
  server: RealServer;
  tenantId: string;
  paywallId: string;
  /** The ids of the pass's monthly option and of the article's. */
  options: { monthly: string; article: string };
  [Symbol.asyncDispose](): Promise<void>;
};

export const SITE = "http://127.0.0.1";

const FILE = {
  version: 1,
  tenants: [
    {
      slug: "daily",
      name: "The Daily",
      currency: "EUR",
      brandColor: "#112233",
      supportEmail: "help@daily.example",
      products: [
        { sku: "sid:daily", title: "Everything", type: "pass" },
        { sku: "sid:article", title: "An article", type: "article" },
      ],
      processors: [{ key: "box", kind: "sandbox" }],
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
          ],
        },
      ],
    },
  ],
};

export async function openNewsroom(env: Record<string, string> = {}): Promise<Newsroom> {
  const server = await startRealServer(env);
  await applyYaml(server, JSON.stringify(FILE));
  const ids = await idsOf(server, "daily");
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, {
      tenantId: ids.tenantId,
      clientId: "daily",
      name: "The Daily",
      kind: "browser",
      origins: ["https://www.daily.example"],
      scopes: [],
    }),
  );
  return {
    server,
    tenantId: ids.tenantId,
    paywallId: ids.paywall("news").id,
    options: { monthly: ids.option("monthly").id, article: ids.option("article").id },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
