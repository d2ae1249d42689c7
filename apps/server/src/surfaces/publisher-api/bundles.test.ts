import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";

const FILE = `
tenants:
  - slug: gazette
    name: The Gazette
    products:
      - { sku: "sid:all", title: Everything, type: bundle, contains: ["sid:pass", "sid:book", "sid:art", "sid:inner"] }
      - { sku: "sid:inner", title: A bundle in it, type: bundle, contains: ["sid:cast", "sid:all"] }
      - { sku: "sid:pass", title: The paper, type: pass, passUrl: "https://www.gazette.example/", contains: ["sid:one"] }
      - { sku: "sid:book", title: A book, type: ebook, url: "https://www.gazette.example/book" }
      - { sku: "sid:cast", title: A podcast, type: podcast }
      - { sku: "sid:art", title: An article, type: article, url: "https://www.gazette.example/art" }
      - { sku: "sid:one", title: Of the pass, type: article, url: "https://www.gazette.example/one" }
      - { sku: "sid:other", title: Something else, type: ebook, url: "https://www.gazette.example/other" }
    accessLists:
      - key: staff
        name: Staff
        grants:
          - { email: have@example.com, product: "sid:all", endsAt: "2031-06-01T00:00:00Z" }
          - { email: late@example.com, product: "sid:all", endsAt: "2031-02-01T00:00:00Z" }
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: "sid:pass", purchaseOptions: [{ key: m, interval: month, amount: 9 }] }]
`;

type Right = { id: string; sku: string; type: string; expiresAt?: string; origin?: { type: string } };

let server: TestServer;
let reader: (email: string) => Promise<SignedInCustomer>;
beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  const ids = await idsOf(server, "gazette");
  reader = (email) =>
    signedInCustomer(server, { tenantId: ids.tenantId, paywallId: ids.paywall("news").id }, { email });
});
afterAll(() => server[Symbol.asyncDispose]());

test("whoever has a bundle is listed with all that it contains, once each, but not with every article of a pass", async () => {
  const me = await reader("have@example.com");
  const { body } = await server.get<Right[]>("/entitlements", me.headers);
  expect(body.map((it) => it.sku).sort()).toEqual([
    "sid:all",
    "sid:art",
    "sid:book",
    "sid:cast",
    "sid:inner",
    "sid:pass",
  ]);
  for (const right of body) {
    expect(right).toMatchObject({ expiresAt: "2031-06-01T00:00:00.000Z", origin: { type: "EXTERNAL" } });
    expect((await server.get<Right>(`/entitlements/${right.id}`, me.headers)).body).toEqual(right);
  }
  const only = await server.get<Right[]>("/entitlements?sku=sid:book", me.headers);
  expect(only.body).toHaveLength(1);
});

test("a member is opened by its own address; another reader's, and what is in no bundle, is not there", async () => {
  const [me, other] = [await reader("have@example.com"), await reader("other@example.com")];
  const { body } = await server.get<Right[]>("/entitlements?type=ebook", me.headers);
  const id = body[0]?.id ?? "";
  const access = await server.get<{ url: string }>(`/entitlements/${id}/access`, me.headers);
  expect(access.body.url).toMatch(/^https:\/\/www\.gazette\.example\/book\?token=/);
  expect((await server.get(`/entitlements/${id}`, other.headers)).status).toBe(404);
  expect((await server.get(`/entitlements/${id.split(".")[0]}.prd_nothing`, me.headers)).status).toBe(404);
  expect(body.map((it) => it.sku)).not.toContain("sid:other");
});

test("what follows from a bundle ends with it", async () => {
  const late = await reader("late@example.com");
  expect((await server.get<Right[]>("/entitlements", late.headers)).body).toEqual([]);
  const all = await server.get<Right[]>("/entitlements?include=inactive", late.headers);
  expect(all.body).toHaveLength(6);
});
