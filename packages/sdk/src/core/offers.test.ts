import { afterEach, describe, expect, test, vi } from "vitest";
import { sharedStorage } from "../../test/stub-fetch.ts";
import { applyExperimentAssignment, fnv1a, pickVariant, resolveExperimentAssignment } from "./experiment.ts";
import { findApplicableOffer, offerStartStorageKey, readBrowserOfferStart, resolveOffer } from "./offers.ts";
import type { PaywallBootstrap, PaywallExperiment, PaywallOffer, PaywallPrice } from "./types.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const offer = (patch: Partial<PaywallOffer>): PaywallOffer => ({
  id: "o",
  discount_percent: 20,
  expires_at: null,
  price_id: null,
  ...patch,
});
const NOW = Date.parse("2031-03-01T10:00:00Z");

describe("offers", () => {
  test("B-191, B-192: an aimed offer beats a global one, nothing off is no offer, and ids may be numbers", () => {
    const [none, global, aimed] = [
      offer({ id: "n", discount_percent: 0, price_id: "5" }),
      offer({ id: "g" }),
      offer({ id: "a", price_id: 5 as unknown as string }),
    ];
    expect(findApplicableOffer([none, global, aimed], "5")).toBe(aimed);
    expect(findApplicableOffer([none, global, aimed], "6")).toBe(global);
    expect(findApplicableOffer([none], "5")).toBe(null);
    expect(findApplicableOffer(null, "5")).toBe(null);
  });

  test("B-193, B-194: an end is an end, and a date beats a duration", () => {
    const at = (ms: number) => new Date(NOW + ms).toISOString();
    expect(resolveOffer(offer({ expires_at: at(0) }), { now: NOW })).toBe(null);
    expect(resolveOffer(offer({ expires_at: "rubbish" }), { now: NOW })).toBe(null);
    expect(resolveOffer(offer({ expires_at: at(90), duration_minutes: 999 }), { now: NOW })).toMatchObject({
      remainingMs: 90,
      totalMs: null,
      expiresAt: at(90),
    });
    expect(resolveOffer(offer({}), { now: NOW })).toMatchObject({ discountPercent: 20, remainingMs: null });
  });

  test("B-195, B-196: a duration counts from its recorded start, and without one it has not begun", () => {
    const timed = offer({ duration_minutes: 10 });
    const startedAt = (minutes: number) => ({
      now: NOW,
      readStart: () => new Date(NOW - minutes * 60_000).toISOString(),
    });
    expect(resolveOffer(timed, startedAt(4))).toMatchObject({ remainingMs: 6 * 60_000, totalMs: 600_000 });
    expect(resolveOffer(timed, startedAt(10))).toBe(null);
    expect(resolveOffer(timed, { now: NOW, readStart: () => null })).toBe(null);
  });

  test("B-198: reading a start never writes, and works where there is no page", () => {
    expect(readBrowserOfferStart("o")).toBe(null);
    const getItem = vi.fn(() => "2031-01-01T00:00:00Z");
    vi.stubGlobal("window", { localStorage: { getItem } });
    expect(readBrowserOfferStart("o")).toBe("2031-01-01T00:00:00Z");
    expect(getItem).toHaveBeenCalledWith(offerStartStorageKey("o"));
    expect(offerStartStorageKey("o")).toBe("pw-offer-o-start");
  });
});

describe("experiments", () => {
  const experiment = (patch: Partial<PaywallExperiment> = {}): PaywallExperiment => ({
    id: "exp_1",
    kind: "prices",
    variants: [
      { key: "control", weight: 50 },
      { key: "b", weight: 50 },
    ],
    ...patch,
  });

  test("the hash agrees with the published vectors", () => {
    expect(fnv1a("")).toBe(2166136261);
    expect(fnv1a("a")).toBe(3826002220);
    expect(fnv1a("abc")).toBe(440920331);
    const visitor = "11111111-2222-4333-8444-555555555555";
    expect(fnv1a(`${visitor}:exp_1`)).toBe(3839296395);
    expect(fnv1a(`${visitor}:exp_2`)).toBe(3856074014);
    expect(pickVariant(experiment(), visitor)).toBe("b");
    expect(pickVariant(experiment({ id: "exp_2" }), visitor)).toBe("control");
  });

  test("B-199, B-200: half goes each way, weights are obeyed, and no weight is no variant", () => {
    const share = (weights: number[]) => {
      const variants = weights.map((weight, index) => ({ key: String(index), weight }));
      const picks = Array.from({ length: 4000 }, (_, i) =>
        pickVariant(experiment({ variants }), `visitor-${i}`),
      );
      return weights.map((_, index) => picks.filter((key) => key === String(index)).length / picks.length);
    };
    for (const part of share([1, 1])) expect(part).toBeCloseTo(0.5, 1);
    const [a, b] = share([9, 1]) as [number, number];
    expect(a).toBeGreaterThan(b * 6);
    expect(share([0, 5])).toEqual([0, 1]);
    for (const weights of [[], [0, 0], [-1], [Number.NaN]]) {
      const variants = weights.map((weight) => ({ key: "x", weight }));
      expect(pickVariant(experiment({ variants }), "v")).toBe(null);
    }
  });

  test("B-201, B-202: the first draw stays through new weights, a new experiment draws again, storage may fail", async () => {
    const { tab, data } = sharedStorage();
    const visitor = async () => "v1";
    const first = await resolveExperimentAssignment(tab(), "7", experiment(), visitor);
    const other = first?.variant === "b" ? "control" : "b";
    const swayed = experiment({
      variants: [
        { key: "control", weight: 0 },
        { key: "b", weight: 0 },
      ],
    });
    swayed.variants.find(({ key }) => key === other)!.weight = 100;
    expect(await resolveExperimentAssignment(tab(), "7", swayed, visitor)).toEqual(first);
    expect(await resolveExperimentAssignment(tab(), "7", { ...swayed, id: "exp_9" }, visitor)).toEqual({
      experimentId: "exp_9",
      variant: other,
    });
    expect(JSON.parse(data.get("pw-7-exp-v1")!).experimentId).toBe("exp_9");
    const broken = {
      getItem: async () => Promise.reject(new Error("no")),
      setItem: async () => Promise.reject(new Error("no")),
      removeItem: async () => {},
    };
    expect(await resolveExperimentAssignment(broken, "7", experiment(), visitor)).toEqual(first);
  });

  const price = (id: string): PaywallPrice => ({
    id,
    currency: "USD",
    amount: 1,
    interval: "month",
    interval_count: 1,
    trial_days: null,
  });
  const bootstrap = (patch: Partial<PaywallExperiment> = {}): PaywallBootstrap => ({
    settings: { id: "7", name: "" },
    prices: [price("1"), price("2")],
    offers: [offer({ price_id: "1" })],
    layout: {
      type: "modal",
      blocks: [
        { type: "price_grid", priceIds: ["1", "2"], popular_price_id: "1" },
        { type: "cta_button", action: "checkout", priceId: "1" },
      ],
    },
    experiment: experiment({
      variants: [
        { key: "control", weight: 1 },
        { key: "b", weight: 1, prices: [{ ...price("11"), replaces: "1" }] },
      ],
      ...patch,
    }),
  });
  const assign = (variant: string) => ({ experimentId: "exp_1", variant });

  test("B-203: a variant swaps prices and every id that names them, and a second time nothing", () => {
    const value = bootstrap();
    applyExperimentAssignment(value, assign("b"));
    expect(value.prices.map(({ id }) => id)).toEqual(["11", "2"]);
    expect(value.layout?.blocks).toEqual([
      { type: "price_grid", priceIds: ["11", "2"], popular_price_id: "11" },
      { type: "cta_button", action: "checkout", priceId: "11" },
    ]);
    expect(value.offers[0]?.price_id).toBe("11");
    const once = structuredClone(value);
    applyExperimentAssignment(value, assign("b"));
    expect(value).toEqual(once);
  });

  test("B-204: control and unknown kinds are only stamped, another experiment not even that", () => {
    for (const [patch, variant] of [
      [{}, "control"],
      [{ kind: "layout" }, "b"],
    ] as const) {
      const value = bootstrap(patch);
      applyExperimentAssignment(value, assign(variant));
      expect(value.prices.map(({ id }) => id)).toEqual(["1", "2"]);
      expect(value.experiment?.assigned_variant).toBe(variant);
    }
    const value = bootstrap();
    applyExperimentAssignment(value, { experimentId: "other", variant: "b" });
    expect(value).toEqual(bootstrap());
  });
});
