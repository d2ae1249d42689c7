import { expect, test } from "vitest";
import { useCorePage } from "./core-page.ts";

const OPTIONS = [
  { key: "yearly", interval: "year", amount: 99 },
  { key: "monthly", interval: "month", amount: 12 },
];
const LAYOUT = [
  { type: "heading", text: "Plans", level: 1 },
  { type: "price_grid", options: ["monthly", "yearly"], popular: "monthly" },
  { type: "cta_button", option: "monthly" },
];
/** A paywall with a price test of the given weights: the variant `dear` shows another monthly price. */
const paywall = (control: number, dear: number, key = "pricing") => ({
  purchaseOptions: OPTIONS,
  layout: LAYOUT,
  offers: [{ key: "monthly-sale", discountPercent: 20, option: "monthly" }],
  experiments: [
    {
      key,
      state: "running",
      variants: [
        { key: "control", weight: control },
        { key: "dear", weight: dear, options: [{ key: `dear-${key}`, replaces: "monthly", amount: 15 }] },
      ],
    },
  ],
});
const host = useCorePage({ paywall: paywall(50, 50) });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const assignment = async () => {
  await host.build();
  return inPage(async () => {
    await window.billing.bootstrap({ force: true });
    return window.billing.getExperimentAssignment();
  });
};
const record = () => host.stored(`pw-${host.shop.paywall}-exp-v1`);

test("B-199: the hash agrees with the published vectors, and a visitor's variant is always the same one", async () => {
  expect(
    await inPage(() => {
      const visitor = "11111111-2222-4333-8444-555555555555";
      const of = (id: string) =>
        window.sdk.pickVariant(
          {
            id,
            kind: "prices",
            variants: [
              { key: "a", weight: 95 },
              { key: "b", weight: 5 },
            ],
          },
          visitor,
        );
      return [
        ["", "a", "abc", `${visitor}:exp_1`, `${visitor}:exp_2`].map(window.sdk.fnv1a),
        // Buckets 95 and 14 of 100.
        [of("exp_1"), of("exp_1"), of("exp_2")],
      ];
    }),
  ).toEqual([
    [2166136261, 3826002220, 440920331, 3839296395, 3856074014],
    ["b", "b", "a"],
  ]);
});

test("B-199, B-200: variants get their share, about half each at 50/50, and weights that are none give no variant", async () => {
  const shares = (weights: (number | null)[]) =>
    host.page.evaluate((given) => {
      const variants = given.map((weight, i) => ({ key: String(i), weight: weight ?? Number.NaN }));
      const experiment = { id: "exp_7", kind: "prices", variants };
      const picks = Array.from({ length: 5000 }, (_, n) =>
        window.sdk.pickVariant(experiment, `visitor-${n}`),
      );
      return given.map((_, i) => picks.filter((key) => key === String(i)).length / picks.length);
    }, weights);
  for (const share of await shares([50, 50])) expect(share).toBeCloseTo(0.5, 1);
  const [most, few] = (await shares([9, 1])) as [number, number];
  expect(most).toBeCloseTo(0.9, 1);
  expect(few).toBeCloseTo(0.1, 1);
  expect(await shares([0, 5, -3, null])).toEqual([0, 1, 0, 0]);
  for (const none of [[], [0, 0], [-1, -2], [null]]) expect(await shares(none)).toEqual(none.map(() => 0));
});

test("B-201: the first variant stays when weights change and tabs come and go; another experiment draws again", async () => {
  const first = await assignment();
  expect(first?.variant).toMatch(/control|dear/);
  expect(await record()).toEqual({ ...first, at: expect.any(Number) });
  // All the weight goes to the other one.
  const weights = (key?: string) => (first?.variant === "dear" ? paywall(100, 0, key) : paywall(0, 100, key));
  await host.shop.publish(weights());
  await host.load();
  expect(await assignment()).toEqual(first);
  // Control: without the record the new weights decide.
  await inPage(() => {
    for (const key of Object.keys(localStorage)) if (key.endsWith("-exp-v1")) localStorage.removeItem(key);
  });
  await host.load();
  expect((await assignment())?.variant).not.toBe(first?.variant);

  host.use(await host.server.sell(weights("second")));
  const second = await assignment();
  expect(second?.experimentId).not.toBe(first?.experimentId);
  expect(second?.variant).not.toBe(first?.variant);
  expect(await record()).toMatchObject({ experimentId: second?.experimentId });
});

test("B-201: in one paywall, an experiment that follows another is drawn anew over the old record", async () => {
  await host.page.evaluate(
    (key) => localStorage.setItem(key, JSON.stringify({ experimentId: "exp_old", variant: "dear", at: 1 })),
    `pw-${host.shop.paywall}-exp-v1`,
  );
  await host.shop.publish(paywall(100, 0));
  const now = await assignment();
  expect(now).toMatchObject({ variant: "control" });
  expect(await record()).toMatchObject({ experimentId: now?.experimentId });
  // A record that names a variant which is gone counts no more than none.
  await host.page.evaluate(
    ([key, id]) => localStorage.setItem(key, JSON.stringify({ experimentId: id, variant: "gone", at: 1 })),
    [`pw-${host.shop.paywall}-exp-v1`, now?.experimentId ?? ""] as const,
  );
  await host.load();
  expect(await assignment()).toEqual(now);
});

test("B-202: storage that fails still gives the visitor's own variant, every time", async () => {
  const outcome = await host.page.evaluate(async (target) => {
    const broken = () => Promise.reject(new Error("no storage today"));
    const storage = { getItem: broken, setItem: broken, removeItem: broken };
    const { experiment } = await new window.sdk.BillingClient({ ...target, storage }).bootstrap();
    const visitor = async () => "visitor-0123456789abcdef";
    const draw = () => window.sdk.resolveExperimentAssignment(storage, target.paywallId, experiment, visitor);
    return {
      draws: [await draw(), await draw()],
      pick: window.sdk.pickVariant(experiment!, await visitor()),
      id: experiment?.id,
      // The client itself came through as well.
      assigned: experiment?.assigned_variant,
    };
  }, host.target);
  const expected = { experimentId: outcome.id, variant: outcome.pick };
  expect(outcome.draws).toEqual([expected, expected]);
  expect(outcome.pick).toMatch(/control|dear/);
  expect(outcome.assigned).toMatch(/control|dear/);
});

test("B-203: the variant's price stands in for the control's wherever it is named, and a second time nothing changes", async () => {
  host.use(await host.server.sell(paywall(0, 100)));
  await host.build();
  const { once, twice } = await inPage(async () => {
    const bootstrap = await window.billing.bootstrap();
    const once = structuredClone(bootstrap);
    window.sdk.applyExperimentAssignment(bootstrap, window.billing.getExperimentAssignment());
    return { once, twice: bootstrap };
  });
  expect(twice).toEqual(once);
  const [dear, { yearly, monthly }] = [host.shop.price("dear-pricing"), host.shop.prices];
  expect(once.prices.map(({ id, amount }) => [id, amount])).toEqual(
    expect.arrayContaining([
      [dear, 15],
      [yearly, 99],
    ]),
  );
  expect(once.prices).toHaveLength(2);
  expect(once.layout?.blocks).toEqual([
    expect.objectContaining({ type: "heading" }),
    expect.objectContaining({ type: "price_grid", priceIds: [dear, yearly], popular_price_id: dear }),
    expect.objectContaining({ type: "cta_button", priceId: dear }),
  ]);
  expect(once.offers.map((it) => it.price_id)).toEqual([dear]);
  expect(once.experiment?.assigned_variant).toBe("dear");
  expect(JSON.stringify({ ...once, experiment: null })).not.toContain(`"${monthly}"`);
});

test("B-204: control and unknown kinds leave prices alone and stamp the assignment; a foreign one does nothing", async () => {
  host.use(await host.server.sell(paywall(100, 0)));
  await host.build();
  const outcome = await inPage(async () => {
    const bootstrap = await window.billing.bootstrap();
    const control = structuredClone(bootstrap);
    const { experiment } = bootstrap;
    const apply = (kind: string, experimentId: string) => {
      const copy = structuredClone(bootstrap);
      Object.assign(copy.experiment!, { kind, assigned_variant: undefined });
      window.sdk.applyExperimentAssignment(copy, { experimentId, variant: "dear" });
      return [copy.prices.map(({ id }) => id), copy.experiment?.assigned_variant];
    };
    return {
      control: [control.prices.map(({ id }) => id), control.experiment?.assigned_variant],
      unknown: apply("layout", experiment!.id),
      foreign: apply("prices", "exp_other"),
    };
  });
  const ids = expect.arrayContaining([host.shop.prices.monthly, host.shop.prices.yearly]);
  expect(outcome.control).toEqual([ids, "control"]);
  expect(outcome.unknown).toEqual([ids, "dear"]);
  expect(outcome.foreign).toEqual([ids, undefined]);
});
