import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";
import { applicableOffers, findCheckoutOffer, runningExperiment } from "./index.ts";

const FILE = `
tenants:
  - slug: acme
    name: Acme
    products: [{ sku: pro, title: Pro }]
    processors: [{ key: box, kind: sandbox }]
    paywalls:
      - key: app
        product: pro
        purchaseOptions: [{ key: monthly, interval: month, amount: 10 }, { key: yearly, interval: year, amount: 90 }]
        offers:
          - { key: open, discountPercent: 10 }
          - { key: bigger, discountPercent: 20 }
          - { key: first, discountPercent: 5, priority: 9 }
          - { key: yearly-only, discountPercent: 30, option: yearly, durationMinutes: 60 }
          - { key: tier2, discountPercent: 40, countries: [TIER2, BR] }
          - { key: ann-date, discountPercent: 50, emails: [ann@acme.example], endsAt: "2031-03-02T10:00:00Z" }
          - { key: ann-yearly, discountPercent: 45, emails: [ann@acme.example], endsAt: "2031-03-02T10:00:00Z", option: yearly }
          - { key: ann-fr, discountPercent: 60, emails: [eve@acme.example], endsAt: "2031-03-02T10:00:00Z", countries: [FR] }
          - { key: date-all, discountPercent: 70, endsAt: "2031-03-02T10:00:00Z" }
          - { key: paused, discountPercent: 99, state: paused }
      - { key: other, product: pro, purchaseOptions: [{ key: o-monthly, interval: month, amount: 1 }], offers: [{ key: theirs, discountPercent: 80 }] }
`;

let server: TestServer;
let ids: Awaited<ReturnType<typeof idsOf>>;
beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  ids = await idsOf(server, "acme");
});
afterAll(() => server[Symbol.asyncDispose]());

const NOBODY = { country: null, tier: null, email: null } as const;
type Who = { country: string | null; tier: 1 | 2 | 3 | null; email: string | null };
const find = (offer: string | undefined, option: string, who: Partial<Who> = {}, now = server.clock.now()) =>
  findCheckoutOffer(server.deps.db, {
    paywall: { id: ids.paywall("app").id, tenantId: ids.tenantId },
    optionId: ids.option(option).id,
    offerId: offer === undefined ? undefined : offer.startsWith("?") ? offer : ids.offer(offer).id,
    ...NOBODY,
    ...who,
    now,
  });
const taken = (key: string, percentBp: number) => ({ offerId: ids.offer(key).id, percentBp });

test("offers compete by priority, then by what they save, and only where they apply", async () => {
  const keys = async (who: Partial<Who>) =>
    (
      await applicableOffers(server.deps.db, {
        paywallId: ids.paywall("app").id,
        ...NOBODY,
        ...who,
        now: server.clock.now(),
      })
    ).map((it) => it.key);
  expect(await keys({})).toEqual(["first", "date-all", "yearly-only", "bigger", "open"]);
  expect(await keys({ country: "BR", tier: 3 })).toContain("tier2");
  expect(await keys({ country: "FR", tier: 2 })).toContain("tier2");
  expect(await keys({ country: "US", tier: 1 })).not.toContain("tier2");
  expect(await keys({ email: "ANN@acme.example" })).toContain("ann-date");
});

test("#95 a named offer counts only for its paywall, option, country, e-mail and time; else nothing does", async () => {
  expect(await find("open", "monthly")).toEqual(taken("open", 1000));
  expect(await find("yearly-only", "yearly")).toEqual(taken("yearly-only", 3000));
  expect(await find("yearly-only", "monthly")).toBeNull();
  expect(await find("theirs", "monthly")).toBeNull();
  expect(await find("paused", "monthly")).toBeNull();
  expect(await find("tier2", "monthly")).toBeNull();
  expect(await find("tier2", "monthly", { country: "DE", tier: 2 })).toEqual(taken("tier2", 4000));
  expect(await find("ann-date", "monthly", { email: "bob@acme.example" })).toBeNull();
  expect(
    await find("?nonsense", "monthly", { email: "ann@acme.example" }),
    "nothing takes its place",
  ).toBeNull();
  expect(await find("date-all", "monthly", {}, new Date("2031-03-02T09:59:59.999Z"))).toEqual(
    taken("date-all", 7000),
  );
  expect(await find("date-all", "monthly", {}, new Date("2031-03-02T10:00:00Z"))).toBeNull();
});

test("without a name, an end-date offer addressed to the buyer is found, the one for the very option first", async () => {
  expect(await find(undefined, "monthly")).toBeNull();
  expect(await find(undefined, "monthly", { email: "Ann@acme.example" })).toEqual(taken("ann-date", 5000));
  expect(await find(undefined, "yearly", { email: "ann@acme.example" })).toEqual(taken("ann-yearly", 4500));
  expect(await find(undefined, "monthly", { email: "eve@acme.example", country: "DE", tier: 2 })).toBeNull();
  expect(
    await find(undefined, "monthly", { email: "ann@acme.example" }, new Date("2031-03-02T10:00:00Z")),
  ).toBeNull();
});

test("an offer for an option follows it to its successor", async () => {
  await sellOnce(server, { option: ids.option("yearly").id });
  await applyYaml(server, FILE.replace("amount: 90", "amount: 95"));
  const old = ids.option("yearly").id;
  ids = await idsOf(server, "acme");
  expect(ids.option("yearly").id).not.toBe(old);
  expect(await find("yearly-only", "yearly")).toEqual(taken("yearly-only", 3000));
});

test("a paywall without a running experiment has none", async () => {
  expect(await runningExperiment(server.deps.db, ids.paywall("app").id)).toBeNull();
});
