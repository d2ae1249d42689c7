import { describe, expect, it } from "vitest";
import { type ApplyFileInput, parseApplyFile } from "./apply.ts";

const file = (): ApplyFileInput => ({
  tenants: [
    {
      slug: "northlight",
      name: "Northlight",
      currency: "EUR",
      timeZone: "Europe/Berlin",
      hybridTrust: "recent",
      tiers: { PL: 1 },
      products: [{ sku: "northlight:pro", title: "Northlight Pro" }],
      processors: [
        { key: "cards", kind: "sandbox" },
        { key: "wallets", kind: "sandbox", acquiring: "paddle" },
      ],
      webhooks: [{ key: "main", url: "https://example.com/hooks", types: ["refund.created"] }],
      domains: [{ host: "pay.northlight.example", verified: true }],
      paywalls: [
        {
          key: "app",
          name: "Northlight Pro",
          product: "northlight:pro",
          domain: "pay.northlight.example",
          processors: { cards: 70, wallets: 30 },
          confirmEmail: false,
          targeting: { countries: ["tier1", "de"] },
          purchaseOptions: [
            {
              key: "monthly",
              interval: "month",
              amount: 9.99,
              local: [{ currency: "USD", amount: "10.99" }],
            },
            { key: "forever", interval: "lifetime", amount: "199" },
          ],
          layout: [
            { type: "heading", text: "Go further" },
            {
              type: "features_list",
              items: ["Unlimited exports", { name: "Priority support", desc: "In a day" }],
            },
            { type: "price_grid", options: ["monthly", "forever"], popular: "forever" },
            { type: "cta_button" },
          ],
          locales: { de: { options: { monthly: { label: "Monatlich" } } } },
          offers: [
            { key: "spring", discountPercent: 20, option: "forever", endsAt: "2027-03-31T23:59:59+02:00" },
          ],
          experiments: [
            {
              key: "cheaper",
              state: "running",
              variants: [
                { key: "control", weight: 50 },
                {
                  key: "b",
                  weight: 50,
                  options: [{ key: "monthly-b", replaces: "monthly", amount: "7.99" }],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});

const paywallOf = (input: ApplyFileInput) => input.tenants[0]!.paywalls![0]!;

/** Each problem as `path: message`, which is also how the command prints it. */
function problemsOf(change: (input: ApplyFileInput) => void): string[] {
  const input = file();
  change(input);
  const parsed = parseApplyFile(input);
  return parsed.ok ? [] : parsed.problems.map((it) => `${it.path.join(".")}: ${it.message}`);
}

describe("the apply file", () => {
  it("is read with its defaults filled in, amounts as text and instants in UTC", () => {
    const parsed = parseApplyFile(file());
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const tenant = parsed.file.tenants[0]!;
    const paywall = tenant.paywalls[0]!;
    expect(tenant.graceDays).toBe(7);
    expect(tenant.processors[0]).toMatchObject({ mode: "test", acquiring: "stripe" });
    expect(paywall.purchaseOptions[0]).toMatchObject({ amount: "9.99", intervalCount: 1, trialDays: 0 });
    expect(paywall.targeting).toEqual({ countries: ["TIER1", "DE"], macosOnly: false });
    expect(paywall.offers[0]!.endsAt).toBe("2027-03-31T21:59:59.000Z");
    expect(paywall.layout![1]).toMatchObject({
      items: [{ name: "Unlimited exports" }, { name: "Priority support" }],
    });
  });

  it("names a mistyped field and the one that was meant", () => {
    expect(problemsOf((it) => Object.assign(it.tenants[0]!, { curency: "EUR", nonsense: 1 }))).toEqual([
      'tenants.0.curency: is not a field here (did you mean "currency"?)',
      "tenants.0.nonsense: is not a field here",
    ]);
  });

  it("says in words what is missing or of the wrong kind", () => {
    expect(
      problemsOf((it) => {
        Object.assign(paywallOf(it).purchaseOptions[0]!, {
          interval: "monht",
          amount: "9,99",
          trialDays: "7",
        });
        Object.assign(it.tenants[0]!, { name: undefined, graceDays: 90 });
      }),
    ).toEqual([
      "tenants.0.name: is required",
      "tenants.0.graceDays: must be at most 60",
      'tenants.0.paywalls.0.purchaseOptions.0.interval: must be one of day, week, month, year, lifetime (did you mean "month"?)',
      "tenants.0.paywalls.0.purchaseOptions.0.amount: must be an amount such as 9.99",
      "tenants.0.paywalls.0.purchaseOptions.0.trialDays: must be a number, not text",
    ]);
  });

  it("lists the block types when one is unknown", () => {
    const [problem] = problemsOf((it) => Object.assign(paywallOf(it).layout![0]!, { type: "headline" }));
    expect(problem).toMatch(
      /^tenants\.0\.paywalls\.0\.layout\.0\.type: must be one of heading, text, price_grid/,
    );
  });

  it.each([
    [
      "product",
      (it: ApplyFileInput) => Object.assign(paywallOf(it), { product: "gone" }),
      "paywalls.0.product",
    ],
    [
      "domain",
      (it: ApplyFileInput) => Object.assign(paywallOf(it), { domain: "x.example" }),
      "paywalls.0.domain",
    ],
    [
      "processor",
      (it: ApplyFileInput) => Object.assign(paywallOf(it), { processors: { gone: 1 } }),
      "processors.gone",
    ],
    [
      "option in a block",
      (it: ApplyFileInput) => Object.assign(paywallOf(it).layout![2]!, { popular: "x" }),
      "popular",
    ],
    [
      "option of an offer",
      (it: ApplyFileInput) => Object.assign(paywallOf(it).offers![0]!, { option: "x" }),
      "option",
    ],
  ])("refuses a name that the file does not define: %s", (_what, change, where) => {
    const problems = problemsOf((it) => void change(it));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${where}: there is no `);
  });

  it("refuses a name that is taken twice, across the tenant's paywalls too", () => {
    const problems = problemsOf((it) => {
      const copy = structuredClone(paywallOf(it));
      it.tenants[0]!.paywalls!.push({ ...copy, key: "second", offers: [], experiments: [] });
    });
    expect(problems).toEqual([
      'tenants.0.paywalls.1.purchaseOptions.0.key: another purchase option is already called "monthly"',
      'tenants.0.paywalls.1.purchaseOptions.1.key: another purchase option is already called "forever"',
    ]);
  });

  it("refuses two running experiments, two timers on one offer, and a trial on a lifetime purchase", () => {
    const problems = problemsOf((it) => {
      const paywall = paywallOf(it);
      const other = { key: "again", state: "running", variants: paywall.experiments![0]!.variants } as const;
      paywall.experiments!.push({ ...other, variants: other.variants.map((v) => ({ ...v, options: [] })) });
      paywall.purchaseOptions[1]!.trialDays = 7;
    });
    expect(problems).toEqual([
      "tenants.0.paywalls.0.purchaseOptions.1.trialDays: a lifetime purchase cannot begin with a trial",
      "tenants.0.paywalls.0.experiments.1.state: only one experiment of a paywall can run at a time",
    ]);
    expect(problemsOf((it) => Object.assign(paywallOf(it).offers![0]!, { durationMinutes: 60 }))).toEqual([
      "tenants.0.paywalls.0.offers.0.endsAt: use either durationMinutes or endsAt, not both",
    ]);
  });

  it("takes no live money through the sandbox", () => {
    expect(problemsOf((it) => Object.assign(it.tenants[0]!.processors![0]!, { mode: "live" }))).toEqual([
      "tenants.0.processors.0.mode: must be test",
    ]);
  });

  it("refuses what is not a file at all", () => {
    for (const document of [null, [], "tenants", 7, {}]) expect(parseApplyFile(document).ok).toBe(false);
  });
});
