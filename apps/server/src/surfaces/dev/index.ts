import { type Context, Hono } from "hono";
import { readBytes, readJsonObject } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { listMails } from "../../platform/mail/index.ts";
import { moveClock } from "./clock.ts";
import { ownPagesOnly } from "./guard.ts";
import { sendHomePage } from "./home-page.ts";
import { sendInboxPage } from "./inbox-page.ts";
import { modelRoutes } from "./model.ts";
import { newspaperRoutes } from "./newspaper.ts";
import { keepWebhook, listReceivedWebhooks } from "./received-webhooks.ts";
import { FOLDER, storefrontRoutes } from "./storefronts.ts";

const MAX_MAILS = 200;
// What the page shows and asks for again and again.
const MAILS_SHOWN = 50;
const WEBHOOK_BYTES = 1024 * 1024;
const NO_STORE = { "cache-control": "no-store" };

/**
 * The demonstration and its handles: design §7. Mounted in demo mode only. No answer here may be read by
 * another origin: `demo.json` holds a secret key.
 */
export function devRoutes(deps: Deps): Hono<AppEnv> {
  // Loaded on first use: a server that never shows its demonstration need not read it.
  const facts = async () => (await import("../../../demo/seed.ts")).demoFacts(deps);
  const inOrder = createQueue();
  const app = new Hono<AppEnv>();
  const guard = ownPagesOnly(deps);
  app.use("/", guard);
  app.use("/dev/*", guard);

  app.get("/", async (c) => sendHomePage(c, deps, await facts()));
  app.get("/dev/demo.json", async (c) => c.json(await facts(), 200, NO_STORE));

  const readInbox = (c: Context<AppEnv>, limit: number) =>
    listMails(deps.db, { to: c.req.query("to")?.trim().toLowerCase() || undefined, limit });
  app.get("/dev/inbox", async (c) => sendInboxPage(c, deps, await readInbox(c, MAILS_SHOWN)));
  app.get("/dev/inbox.json", async (c) => {
    const asked = Number(c.req.query("limit") ?? MAX_MAILS);
    const limit = Number.isInteger(asked) && asked >= 1 && asked <= MAX_MAILS ? asked : MAX_MAILS;
    return c.json(await readInbox(c, limit), 200, NO_STORE);
  });

  app.post("/dev/clock", async (c) => {
    const body = await readJsonObject(c);
    const { tenant } = await facts();
    // Two steps at once would each measure from where the other is going.
    const now = await inOrder(() => moveClock(deps, tenant.id, body));
    return c.json({ now: now.toISOString() }, 200, NO_STORE);
  });

  app.post("/dev/webhooks", async (c) => {
    const body = (await readBytes(c, WEBHOOK_BYTES)).toString("utf8");
    const headers = Object.fromEntries(c.req.raw.headers);
    await deps.db.transaction((tx) => keepWebhook(tx, { headers, body, at: deps.clock.now() }));
    return c.json({ received: true });
  });
  app.get("/dev/webhooks.json", async (c) => c.json(await listReceivedWebhooks(deps.db), 200, NO_STORE));

  app.route("/", modelRoutes());

  const newsFacts = async () => {
    const { tenant, baseUrl, paywalls } = await facts();
    return { tenantId: tenant.id, baseUrl, passSku: paywalls.news.sku };
  };
  const configOf = async (c: Context<AppEnv>) => {
    const { paywalls, clientId, baseUrl } = await facts();
    const apiOrigin = originOf(c, deps.config.baseUrl);
    if (c.req.param("name") === "chat") {
      const { id: paywallId, providerId, deepProviderId } = paywalls.credits;
      return { apiOrigin, paywallId, providerId, deepProviderId };
    }
    if (c.req.param("name") !== "news") return { apiOrigin, paywallId: paywalls.app.id };
    const { news, weekend } = paywalls;
    // What was made before the weekend had a paywall of its own has one for everything.
    const ids = { news: news.id, weekend: weekend?.id ?? news.id };
    return { apiOrigin, clientId, siteUrl: `${baseUrl}/storefronts/news`, paywalls: ids, passSku: news.sku };
  };
  // Before the others', whose path without a file type is one page.
  app.route("/", newspaperRoutes(deps, newsFacts, FOLDER));
  app.route("/", storefrontRoutes(configOf));
  return app;
}

/** The origin by which the visitor reached us, so that a phone on the same network can use the storefront, too. */
function originOf(c: Context<AppEnv>, baseUrl: string): string {
  const host = c.req.header("host") ?? new URL(baseUrl).host;
  return host === new URL(baseUrl).host ? baseUrl : `http://${host}`;
}

/** Runs one piece of work after the other, in the order of the calls. */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}
