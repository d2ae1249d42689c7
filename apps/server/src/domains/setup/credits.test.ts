import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { sql } from "../../platform/database/index.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const file = (monthly: number, pack: number, more = "") => `
tenants:
  - slug: chat
    name: Chat
    products:
      - { sku: pro, title: Pro }
      - { sku: pack, title: A pack, type: credit_pack }
    processors: [{ key: box, kind: sandbox }]
    paywalls:
      - key: app
        product: pro
        tokenization:
          queries:
            - { type: standard, name: Standard, monthly: 100, trial: { count: 5 }, rollover: { max: 50 }, lowAt: 10 }
            - { type: advanced }
        purchaseOptions:
          - { key: plan, interval: month, amount: 9, credits: [{ type: standard, count: ${monthly} }] }
          - { key: pack, product: pack, interval: lifetime, amount: 5, credits: [{ type: standard, count: ${pack}, expiresDays: 365 }${more}] }
        layout:
          - { type: tokenization_gate }
`;

test("the set-up file says what a paywall counts and what its options give; a second time changes nothing", async () => {
  await applyYaml(server, file(200, 500));
  const ids = await idsOf(server, "chat");
  const { settings } = await server.deps.db.one<{ settings: { tokenization: unknown } }>(
    sql`select settings from paywalls where id = ${ids.paywall("app").id}`,
  );
  expect(settings.tokenization).toEqual({
    enabled: true,
    queries: [
      {
        type: "standard",
        name: "Standard",
        monthly: 100,
        trial: { count: 5, daily: true },
        rollover: { max: 50 },
        lowAt: 10,
      },
      { type: "advanced", monthly: 0, rollover: "none", lowAt: 0 },
    ],
  });
  const before = ids.option("pack").id;
  expect(await applyYaml(server, file(200, 500))).toEqual([]);
  expect((await idsOf(server, "chat")).option("pack").id).toBe(before);
  const { body } = await server.get<{ layout: { blocks: unknown[] } }>(
    `/api/v1/paywall/${ids.paywall("app").num}/bootstrap`,
  );
  expect(body.layout.blocks).toMatchObject([
    { queries: [{ id: "standard", count: 100 }, { id: "advanced" }] },
  ]);
});

test("what was sold keeps what it gives: another count makes another option once somebody has bought it", async () => {
  const first = await idsOf(server, "chat");
  await applyYaml(server, file(300, 600));
  const second = await idsOf(server, "chat");
  expect(second.option("plan").id).toBe(first.option("plan").id);
  await sellOnce(server, { option: second.option("plan").id });
  await applyYaml(server, file(400, 600));
  const third = await idsOf(server, "chat");
  expect(third.option("plan").id).not.toBe(second.option("plan").id);
  expect(third.option("pack").id).toBe(second.option("pack").id);
  const rows = await server.deps.db.query<{ credits: { count: number }[] }>(sql`
    select credits from purchase_options where key = 'plan' order by num`);
  expect(rows.map(({ credits }) => credits[0]?.count)).toEqual([300, 400]);
});

test("an option cannot give what its paywall does not count", async () => {
  await expect(applyYaml(server, file(1, 1, ", { type: gold, count: 1 }"))).rejects.toThrow(/gold/);
});
