import { expect, test } from "vitest";
import type { PaywallOffer } from "../../packages/sdk/src/index.ts";
import { useCorePage } from "./core-page.ts";

const MINUTE = 60_000;
const DURATION = { key: "duration", discountPercent: 25, option: "monthly", durationMinutes: 30 };
const host = useCorePage({
  paywall: {
    checkoutMode: "guest",
    offers: [
      { key: "everything", discountPercent: 10 },
      { key: "yearly", discountPercent: 30, option: "yearly" },
      DURATION,
    ],
  },
});
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const loadOffers = async () => {
  await host.build();
  await inPage(() => window.billing.bootstrap().then(() => {}));
};
const inBrowser = (price: string | number) =>
  host.page.evaluate(
    (id) => window.sdk.findApplicableOffer(window.billing.getCachedOffers(), id as string)?.id ?? null,
    price,
  );
const starts = () =>
  inPage(() => Object.entries(localStorage).filter(([key]) => /^pw-offer-/.test(key)) as [string, string][]);
const offerFor = (price: string) => host.page.evaluate((id) => window.pw.getOfferForPrice(id), price);

test("B-191, B-192: an offer for the very price goes before one for all, whether ids are numbers or text", async () => {
  await loadOffers();
  const { yearly, lifetime } = host.shop.prices;
  expect(await inBrowser(yearly)).toBe(host.shop.offer("yearly"));
  expect(await inBrowser(Number(yearly))).toBe(host.shop.offer("yearly"));
  expect(await inBrowser(lifetime)).toBe(host.shop.offer("everything"));
  const found = await host.page.evaluate((price) => {
    const offer = (patch: Partial<PaywallOffer>): PaywallOffer => ({
      id: "o",
      discount_percent: 20,
      expires_at: null,
      price_id: price,
      ...patch,
    });
    const find = (...offers: PaywallOffer[]) => window.sdk.findApplicableOffer(offers, price)?.id ?? null;
    return [
      find(),
      window.sdk.findApplicableOffer(null, price),
      find(
        offer({ discount_percent: 0 }),
        offer({ discount_percent: -5 }),
        offer({ discount_percent: null }),
      ),
      find(offer({ discount_percent: 0 }), offer({ id: "all", price_id: null })),
      find(offer({ price_id: Number(price) as unknown as string })),
    ];
  }, yearly);
  expect(found).toEqual([null, null, null, "all", "o"]);
});

test("B-193, B-194: an offer with an end has less and less time and then none, whatever its duration says", async () => {
  await host.page.clock.install();
  await host.load();
  await host.page.clock.pauseAt(Date.now() + MINUTE);
  const endsAt = new Date((await inPage(() => Date.now())) + 60 * MINUTE).toISOString();
  host.use(await host.server.sell({ offers: [{ key: "sale", discountPercent: 40, endsAt }] }));
  await loadOffers();
  const resolve = (patch: Partial<PaywallOffer> = {}) =>
    host.page.evaluate((more) => {
      const [offer] = window.billing.getCachedOffers()!;
      return window.sdk.resolveOffer({ ...offer!, ...more });
    }, patch);
  expect(await resolve()).toMatchObject({ discountPercent: 40, remainingMs: 60 * MINUTE, expiresAt: endsAt });
  expect(await resolve({ duration_minutes: 9999 })).toMatchObject({
    remainingMs: 60 * MINUTE,
    expiresAt: endsAt,
  });
  expect(await resolve({ expires_at: "soon" })).toBeNull();
  await host.page.clock.runFor(60 * MINUTE - 1);
  expect(await resolve()).toMatchObject({ remainingMs: 1 });
  await host.page.clock.runFor(1);
  expect(await resolve()).toBeNull();
  expect(await resolve({ duration_minutes: 9999 })).toBeNull();
});

test("B-195, B-196, B-197, B-198: a duration counts from the banner's first showing, for good; before it there is no offer, and asking starts none", async () => {
  await host.page.clock.install();
  await host.load();
  const blocks = [
    { type: "offer_banner", offer: "duration" },
    { type: "heading", text: "Sale", level: 1 },
    { type: "price_grid" },
    { type: "cta_button" },
  ];
  host.use(await host.server.sell({ checkoutMode: "guest", offers: [DURATION], layout: blocks }));
  const { monthly } = host.shop.prices;
  await host.start();
  await inPage(() => window.pw.preload());
  for (let n = 0; n < 3; n++) expect(await offerFor(monthly)).toBeNull();
  expect(await starts()).toEqual([]);
  await host.open();
  await host.waitForView("layout");
  await expect.poll(starts).toHaveLength(1);
  const [[key, start]] = (await starts()) as [[string, string]];
  expect(key).toBe(`pw-offer-${host.shop.offer("duration")}-start`);
  const expiresAt = new Date(Date.parse(start) + 30 * MINUTE).toISOString();
  expect(await offerFor(monthly)).toMatchObject({ discountPercent: 25, totalMs: 30 * MINUTE, expiresAt });
  await inPage(() => window.pw.close());
  await host.page.clock.fastForward(29 * MINUTE);
  expect(await offerFor(monthly)).toMatchObject({ expiresAt });
  await host.page.clock.fastForward(2 * MINUTE);
  expect(await offerFor(monthly)).toBeNull();
  // Over is over: neither opening again nor a fresh page starts another thirty minutes.
  await host.open();
  await host.waitForView("layout");
  expect(await starts()).toEqual([[key, start]]);
  await host.load();
  await host.start();
  await host.open();
  await host.waitForView("layout");
  expect(await offerFor(monthly)).toBeNull();
  expect(await starts()).toEqual([[key, start]]);
});

test("B-196: the live offer passes over one that is over or has not begun, in favour of one that counts", async () => {
  await loadOffers();
  const { monthly } = host.shop.prices;
  const live = () =>
    host.page.evaluate((price) => {
      const found = window.sdk.findLiveOffer(window.billing.getCachedOffers(), price);
      return found && [found.offer.id, found.remainingMs];
    }, monthly);
  expect(await inBrowser(monthly)).toBe(host.shop.offer("duration"));
  expect(await live()).toEqual([host.shop.offer("everything"), null]);
  await host.page.evaluate(
    (key) => localStorage.setItem(key, new Date(Date.now() - 10 * 60_000).toISOString()),
    `pw-offer-${host.shop.offer("duration")}-start`,
  );
  expect((await live())?.[0]).toBe(host.shop.offer("duration"));
});

test("B-198: the card, the button's sentence and getOfferForPrice agree on the offer that counts when one for the price is over", async () => {
  const { monthly } = host.shop.prices;
  const key = `pw-offer-${host.shop.offer("duration")}-start`;
  const begun = new Date(Date.now() - 31 * MINUTE).toISOString();
  await host.page.evaluate(([name, start]) => localStorage.setItem(name, start), [key, begun] as const);
  await host.start({ identity: { email: "ada@example.com" } });
  await host.open();
  await host.waitForView("layout");
  expect(await offerFor(monthly)).toMatchObject({
    offer: { id: host.shop.offer("everything") },
    discountPercent: 10,
  });
  const card = host.page.getByRole("radio", { name: /Monthly/ });
  await card.click();
  // 12 less 10 %, neither less 25 % nor in full.
  expect(await card.textContent()).toContain("$10.80");
  await host.page.getByText("$10.80 today").waitFor();
  const checkout = host.page.waitForEvent("popup");
  await host.cta().click();
  await checkout;
  expect(JSON.parse(host.lastCall("/start-checkout")?.body ?? "{}")).toMatchObject({
    offerId: host.shop.offer("everything"),
  });
  expect(await starts()).toEqual([[key, begun]]);
});

test("where the browser gives no storage a duration offer has never begun, and nothing is thrown", async () => {
  await loadOffers();
  const { monthly } = host.shop.prices;
  expect(
    await host.page.evaluate((price) => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
      const offer = window.billing.getCachedOffers()!.find((it) => it.price_id === price)!;
      return [window.sdk.readBrowserOfferStart(offer.id), window.sdk.resolveOffer(offer)];
    }, monthly),
  ).toEqual([null, null]);
});
