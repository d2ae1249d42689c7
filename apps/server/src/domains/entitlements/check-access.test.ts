import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, newsHeard } from "../../../test/setup.ts";
import { createShop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";
import { saveAccessList, saveGrant } from "../access-lists/index.ts";
import { findOrCreateCustomer } from "../identity/index.ts";
import { type AccessTarget, checkAccess, readState, readStateAtOnce } from "./index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const FILE = `
tenants:
  - slug: lantern
    name: The Lantern
    products:
      - { sku: all, title: Everything, type: pass, url: "https://lantern.example/all", urlPatterns: ["https://lantern.example/*"] }
      - { sku: politics, title: Politics, passUrl: "https://lantern.example/passes/politics", contains: [budget] }
      - { sku: friends, title: Friends, type: bundle, contains: [politics, audio] }
      - { sku: audio, title: Audio, type: podcast }
      - { sku: "art:1", title: One, type: article, url: "https://Lantern.example/one/", publisherContentId: one }
      - { sku: budget, title: Budget, type: article, url: "http://lantern.example/politics/budget?utm_source=x" }
      - { sku: nested, title: A bundle of bundles, type: bundle, contains: [friends] }
    accessLists:
      - key: press
        name: Press
        grants:
          - { email: all@example.com, product: all }
          - { email: politics@example.com, product: politics }
          - { email: friends@example.com, product: friends }
          - { email: nested@example.com, product: nested }
          - { email: one@example.com, product: "art:1" }
          - { email: over@example.com, product: all, endsAt: "2031-03-01T09:00:00Z" }
          - { email: later@example.com, product: all, startsAt: "2031-03-02T09:00:00Z" }
          - { email: off@example.com, product: all, status: INACTIVE }
      - { key: draft, name: Draft, status: DRAFT, grants: [{ email: draft@example.com, product: all }] }
`;

describe("access by any name that a thing has", () => {
  let tenantId: string;
  const customers = new Map<string, string>();

  beforeAll(async () => {
    await applyYaml(server, FILE);
    tenantId = (await server.deps.db.one<{ id: string }>(sql`select id from tenants where slug = 'lantern'`))
      .id;
    for (const name of "all politics friends nested one over later off draft nobody".split(" ")) {
      customers.set(name, await verified(`${name}@example.com`));
    }
    await newsHeard(server);
  });

  const verified = (email: string) =>
    server.deps.db.transaction(async (tx) => {
      const now = server.clock.now();
      const { customer } = await findOrCreateCustomer(tx, server.deps, { tenantId, email, now });
      await tx.execute(sql`update customers set email_verified_at = ${now} where id = ${customer.id}`);
      return customer.id;
    });
  const ask = async (who: string, target: AccessTarget, now = server.clock.now()) => {
    const customerId = customers.get(who) ?? "";
    const decision = await checkAccess(server.deps.db, {
      tenantId,
      mode: "test",
      customerId,
      now,
      ...target,
    });
    return decision.granted ? decision.reason : null;
  };

  test("by sku, page, content id and pass, each with its reason", async () => {
    expect(await ask("one", { sku: "art:1" })).toBe("product");
    expect(await ask("one", { url: "http://lantern.example/one?utm_campaign=y#top" })).toBe("url");
    expect(await ask("one", { publisherContentId: "one" })).toBe("content");
    expect(await ask("politics", { passes: ["https://lantern.example/passes/politics/"] })).toBe("pass");
    expect(await ask("all", { passes: ["https://lantern.example/all"] })).toBe("pass");
    expect(await ask("all", { url: "https://lantern.example/anything/at/all" })).toBe("pass");
    expect(await ask("all", { url: "https://elsewhere.example/anything" })).toBeNull();
  });

  test("the most direct name answers", async () => {
    expect(
      await ask("one", { sku: "art:1", url: "https://lantern.example/one", publisherContentId: "one" }),
    ).toBe("product");
  });

  test("a pass opens what it contains, and a bundle of bundles as well, but never the other way round", async () => {
    const budget = { url: "https://lantern.example/politics/budget/" };
    expect(await ask("politics", budget)).toBe("bundle");
    expect(await ask("friends", budget)).toBe("bundle");
    expect(await ask("nested", budget)).toBe("bundle");
    expect(await ask("nested", { passes: ["https://lantern.example/passes/politics"] })).toBe("bundle");
    expect(await ask("politics", { sku: "friends" })).toBeNull();
    expect(await ask("one", budget)).toBeNull();
  });

  test("a grant counts from its start to the instant of its end, and only while it and its list are active", async () => {
    const page = { url: "https://lantern.example/x" };
    for (const who of ["over", "later", "off", "draft", "nobody"])
      expect(await ask(who, page), who).toBeNull();
    expect(await ask("over", page, new Date("2031-03-01T08:59:59.999Z"))).toBeNull();
    expect(await ask("later", page, new Date("2031-03-02T09:00:00Z"))).toBe("pass");
  });

  test("nothing asked for is nothing granted, and what is unknown is not either", async () => {
    for (const target of [{}, { sku: "none" }, { url: "nonsense" }, { passes: [] }, { passes: ["", "x"] }]) {
      expect(await ask("all", target)).toBeNull();
    }
  });

  test("another tenant's product, and the other mode, grant nothing", async () => {
    const customerId = customers.get("all") ?? "";
    const now = server.clock.now();
    const at = { customerId, now, url: "https://lantern.example/x" };
    const live = await checkAccess(server.deps.db, { tenantId, mode: "live", ...at });
    const other = await checkAccess(server.deps.db, { tenantId: "tnt_other", mode: "test", ...at });
    expect([live.granted, other.granted]).toEqual([false, false]);
  });

  test("a grant waits for its address to be proved, and a list that leaves the file ends its rights", async () => {
    const waiting = `${FILE.trimEnd()}\n      - { key: late, name: Late, grants: [{ email: new@example.com, product: all }] }\n`;
    await applyYaml(server, waiting);
    const page = { url: "https://lantern.example/x" };
    const customer = await server.deps.db.transaction((tx) =>
      findOrCreateCustomer(tx, server.deps, { tenantId, email: "new@example.com", now: server.clock.now() }),
    );
    customers.set("new", customer.customer.id);
    await newsHeard(server);
    expect(await ask("new", page), "whoever types an address has proved nothing").toBeNull();
    await verified("new@example.com");
    await applyYaml(server, waiting.replace("name: Late", "name: Later"));
    expect(await ask("new", page)).toBe("pass");
    await applyYaml(server, FILE);
    expect(await ask("new", page)).toBeNull();
    expect(await applyYaml(server, FILE)).toEqual([]);
  });
});

test("the 3.x surface gives the same answer: whoever has a bundle is active on the paywall of what it contains", async () => {
  const shop = await createShop(server);
  const { db, ids } = server.deps;
  const { customer, sessionId } = await signedInCustomer(server, shop);
  const [bundle, outer] = [ids.next("product"), ids.next("product")];
  await db.execute(sql`
    insert into products (id, tenant_id, sku, title, type)
    values (${bundle}, ${shop.tenantId}, 'bundle', 'Bundle', 'bundle'), (${outer}, ${shop.tenantId}, 'outer', 'Outer', 'bundle')`);
  await db.execute(sql`
    insert into product_members (tenant_id, parent_id, member_id)
    values (${shop.tenantId}, ${bundle}, ${shop.productId}), (${shop.tenantId}, ${outer}, ${bundle})`);
  const now = server.clock.now();
  const own = { tenantId: shop.tenantId, mode: "test" as const, customerId: customer.id, now };
  const answers = async () => {
    const { productId, paywallId, tenantId } = shop;
    const decision = await checkAccess(db, { ...own, productId });
    const state = await readState(db, { ...own, productId, paywallId });
    const atOnce = await readStateAtOnce(db, { paywallId, tenantId, caller: { sessionId }, realNow: now });
    return [decision.granted, state.hasAccess, atOnce?.has_active_subscription];
  };
  const list = { key: null, name: "x", description: null, type: "MANUAL", status: "ACTIVE" } as const;
  const give = (productId: string) =>
    db.transaction(async (tx) => {
      const common = { tenantId: shop.tenantId, key: null };
      const lists = { ...list, ...common, mode: "test" as const, excludeFromStats: false };
      const listId = await saveAccessList(tx, server.deps, lists, now);
      const dates = { startsAt: null, endsAt: null, notes: null, optionId: null, status: "ACTIVE" as const };
      await saveGrant(
        tx,
        server.deps,
        { ...common, ...dates, listId, productId, email: customer.email ?? "" },
        now,
      );
    });
  expect(await answers()).toEqual([false, false, false]);
  await give(outer);
  expect(await answers()).toEqual([true, true, true]);
});
