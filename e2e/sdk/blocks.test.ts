import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pay, start } from "../../apps/server/test/selling.ts";
import type { BlockProps } from "../../packages/sdk/src/index.ts";
import { ADA, useHostPage } from "./host-page.ts";
import type { PaywallSetup } from "./real-server.ts";

/** A block of our own, drawn within another one. */
type Draw = (props: BlockProps) => never;
const host = useHostPage();
const plan = (name: RegExp) => host.page.getByRole("radio", { name });
const dialog = (name: string) => host.page.getByRole("dialog", { name, exact: true });

/** Opens a paywall of its own for this test. */
async function show(paywall: PaywallSetup, options: Parameters<typeof host.start>[0] = {}): Promise<void> {
  host.use(await host.server.sell(paywall));
  await host.start(options);
  await host.open();
  await host.waitForView("layout");
}

const options = {
  yearly: { key: "yearly", interval: "year", amount: 99.99, trialDays: 7 },
  monthly: { key: "monthly", interval: "month", amount: 12 },
  weekly: { key: "weekly", interval: "week", amount: 4 },
  quarterly: { key: "quarterly", interval: "month", intervalCount: 3, amount: 30 },
  lifetime: { key: "lifetime", interval: "lifetime", amount: 249 },
};
const grid = { type: "price_grid" };
const cta = { type: "cta_button" };
const title = { type: "heading", text: "Write without limits" };
const inTwoHours = () => new Date(Date.now() + 7_200_000).toISOString();

/** Nothing is cut off at its sides, and nothing reaches beyond the card. */
async function fits(locator: Locator): Promise<void> {
  const cut = await locator.evaluate((element) => {
    const card = element.closest(".card")!.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const inside = box.left >= card.left - 1 && box.right <= card.right + 1 && box.top >= card.top - 1;
    return { inside, overflow: element.scrollWidth > element.clientWidth + 1 };
  });
  expect(cut).toEqual({ inside: true, overflow: false });
}

describe("price_grid and cta_button", () => {
  test("B-283: the popular plan is chosen first, arrows choose another, and the button follows", async () => {
    await show({
      purchaseOptions: [options.monthly, options.yearly, options.lifetime],
      layout: [title, { ...grid, popular: "yearly", popularLabel: "Best value" }, cta],
    });
    expect(await plan(/Yearly/).getAttribute("aria-checked")).toBe("true");
    expect(await plan(/Yearly/).textContent()).toContain("Best value");
    await expect.poll(() => host.cta().textContent()).toBe("Start 7-day free trial");
    await plan(/Yearly/).focus();
    await host.page.keyboard.press("ArrowDown");
    expect(await plan(/Lifetime/).getAttribute("aria-checked")).toBe("true");
    expect(await plan(/Lifetime/).evaluate((it) => it.matches(":focus"))).toBe(true);
    expect(await host.cta().textContent()).toBe("Get lifetime access");
    await host.page.keyboard.press("Home");
    expect(await host.cta().textContent()).toBe("Get monthly plan");
    expect(await host.page.getByRole("radiogroup", { name: "Plans" }).count()).toBe(1);
  });

  test("B-283: without a popular plan the first one is chosen", async () => {
    await show({ purchaseOptions: [options.monthly, options.yearly], layout: [title, grid, cta] });
    expect(await plan(/Monthly/).getAttribute("aria-checked")).toBe("true");
    expect(await host.page.getByText("Most popular").count()).toBe(0);
  });

  test("B-284: every interval has a label and a button text of its own, and says what will be charged", async () => {
    await show({
      purchaseOptions: Object.values(options),
      layout: [title, grid, cta],
    });
    const charge = host.page.locator("#pw-charge");
    const said = [];
    for (const name of [/Yearly/, /per month/, /Weekly/, /every 3 months/, /Lifetime/]) {
      await plan(name).last().click();
      said.push([await host.page.locator("button.cta").textContent(), await charge.textContent()]);
    }
    expect(said).toEqual([
      ["Start 7-day free trial", "Free for 7 days, then $99.99 per year until you cancel."],
      ["Get monthly plan", "$12 today, then $12 per month until you cancel."],
      ["Get weekly plan", "$4 today, then $4 per week until you cancel."],
      ["Continue", "$30 today, then $30 every 3 months until you cancel."],
      ["Get lifetime access", "$249 once. No renewals."],
    ]);
  });

  test("B-284: who has had a trial is not promised another", async () => {
    const shop = await host.server.sell({
      checkoutMode: "guest",
      purchaseOptions: [options.yearly],
      layout: [title, grid, cta],
    });
    host.use(shop);
    const order = { email: ADA, priceId: Number(shop.price("yearly")), trial_days: 7 };
    await pay(host.server, (await start(host.server, shop, order)).body.checkoutUrl);
    await host.start({ auth: true });
    await host.page.evaluate(() => window.pw.openSignin());
    await host.signInWithCode(ADA);
    await host.waitForView("purchased");
    await host.page.evaluate(() => window.pw.close());
    await host.open({ renew: true });
    await host.waitForView("layout");
    await expect.poll(() => host.page.locator("button.cta").textContent()).toBe("Get yearly plan");
    expect(await plan(/Yearly/).textContent()).not.toContain("days free");
  });

  test("B-285: a year is shown by the month with the total beside it, in every variant of the grid", async () => {
    for (const view of ["vertical", "compact", "horizontal"]) {
      await show({
        purchaseOptions: [options.yearly, options.monthly],
        layout: [title, { ...grid, view }, cta],
      });
      const yearly = plan(/Yearly/);
      expect(await yearly.locator("b").textContent()).toBe("$8.33");
      expect(await yearly.getByText("$99.99 per year").isVisible(), view).toBe(true);
      await host.page.evaluate(() => window.pw.destroy());
    }
  });

  test("B-285: a discount strikes the original and a card names one saving, never two", async () => {
    await show({
      purchaseOptions: [options.yearly, options.monthly],
      offers: [{ key: "launch", discountPercent: 20, endsAt: inTwoHours(), label: "Launch" }],
      layout: [title, grid, cta],
    });
    const yearly = plan(/Yearly/);
    expect(await yearly.locator("s").textContent()).toContain("$8.33");
    expect(await yearly.locator("b").textContent()).toBe("$6.67");
    expect((await yearly.textContent())?.match(/Save \d+%/g)).toEqual(["Save 20%"]);
    expect(await yearly.textContent()).toContain("$79.99 per year");
  });

  test("no more than three plans stand side by side, and none reaches over its neighbour", async () => {
    await show({
      purchaseOptions: Object.values(options),
      layout: [title, { ...grid, view: "horizontal" }, cta],
    });
    for (const width of [1280, 390]) {
      await host.page.setViewportSize({ width, height: 800 });
      const boxes = await host.page
        .getByRole("radio")
        .evaluateAll((plans) => plans.map((it) => it.getBoundingClientRect().toJSON()));
      const top = Math.min(...boxes.map(({ y }) => y));
      const row = boxes.filter(({ y }) => y === top);
      expect(row).toHaveLength(3);
      for (let at = 1; at < row.length; at++) expect(row[at].left).toBeGreaterThanOrEqual(row[at - 1].right);
    }
  });

  test("a button with a plan of its own buys that one, and one that closes closes", async () => {
    await show(
      {
        checkoutMode: "guest",
        purchaseOptions: [options.yearly, options.monthly],
        layout: [
          title,
          grid,
          { ...cta, option: "monthly", label: "Start small" },
          { type: "cta_button", action: "close", label: "Maybe later" },
        ],
      },
      { identity: { email: ADA } },
    );
    const tab = host.context.waitForEvent("page");
    await host.page.getByRole("button", { name: "Start small" }).click();
    await tab;
    expect(JSON.parse(host.lastCall("/start-checkout")!.body!).priceId).toBe(
      Number(host.shop.price("monthly")),
    );
    await host.page.getByRole("button", { name: "Back" }).click();
    await host.page.getByRole("button", { name: "Maybe later" }).click();
    await host.waitForView(null);
  });

  test("very long names and very large prices stay inside their cards at 1280 and at 390 pixels", async () => {
    await show({
      currency: "JPY",
      purchaseOptions: [
        {
          key: "big",
          interval: "month",
          amount: 1234567,
          label: "Professional with a very long name that nobody would choose",
          description: "And a description that goes on for a while, because there was much to say about it",
        },
        {
          key: "bigger",
          interval: "year",
          amount: 12345678,
          label: "Jahresmitgliedschaftsbeitragsvorauszahlung",
        },
      ],
      layout: [
        { type: "heading", text: "Freundschaftsbeziehungen ohne Geschwindigkeitsbegrenzung" },
        grid,
        cta,
      ],
    });
    for (const width of [1280, 390]) {
      await host.page.setViewportSize({ width, height: 740 });
      for (const one of await host.page.getByRole("radio").all()) await fits(one);
      await fits(host.page.locator("h2"));
      await fits(host.page.locator("button.cta"));
    }
  });
});

describe("other blocks", () => {
  test("B-286: an unknown block is skipped with a warning and the rest is drawn", async () => {
    const warned = host.page.waitForEvent("console", (message) => message.text().includes("hologram"));
    await host.start({ preview: true });
    await host.page.evaluate(() => {
      window.pw.setBootstrap({
        settings: { id: "1", name: "x" },
        prices: [],
        layout: {
          type: "modal",
          blocks: [{ type: "hologram" } as never, { type: "text", text: "Still here" }],
        },
      });
      window.pw.open();
    });
    await warned;
    expect(await host.page.getByText("Still here").isVisible()).toBe(true);
  });

  test("a host's own block is drawn among the others, with the same means", async () => {
    await host.start({ preview: true });
    await host.page.evaluate(() => {
      const { blockRegistry } = window.sdk;
      blockRegistry.shout = (props) =>
        (blockRegistry.text as Draw)({ ...props, block: { type: "text", text: "HEY" } });
      window.pw.setBootstrap({
        settings: { id: "1", name: "x" },
        prices: [],
        layout: { type: "modal", blocks: [{ type: "shout" } as never] },
      });
      window.pw.open();
    });
    expect(await host.page.getByText("HEY").isVisible()).toBe(true);
  });

  test("B-259: a title for one open replaces the heading, or comes on top, and is gone at the next", async () => {
    await host.start();
    await host.open({ title: "Export as PDF" });
    await host.waitForView("layout");
    expect(await dialog("Export as PDF").count()).toBe(1);
    expect(await host.page.getByRole("heading", { name: "Write without limits" }).count()).toBe(0);
    await host.page.keyboard.press("Escape");
    await host.open();
    expect(await dialog("Write without limits").count()).toBe(1);

    host.use(await host.server.sell({ layout: [{ type: "text", text: "No heading here" }, grid, cta] }));
    await host.start();
    await host.open({ title: "Export as PDF" });
    await host.waitForView("layout");
    expect(await dialog("Export as PDF").count()).toBe(1);
    expect(await host.page.getByText("No heading here").isVisible()).toBe(true);
  });

  test("title_auto_fit shrinks a long title to two lines, and leaves it alone where it is not asked for", async () => {
    const long = "Everything a writer needs to finish a book, on every device";
    const sizes = [];
    for (const titleAutoFit of [true, false]) {
      await show({ titleAutoFit, layout: [{ type: "heading", text: long }, grid, cta] });
      sizes.push(
        await host.page.locator("h2").evaluate((it: HTMLElement) => {
          const { fontSize, lineHeight } = getComputedStyle(it);
          return {
            font: Number.parseFloat(fontSize),
            lines: Math.round(it.offsetHeight / Number.parseFloat(lineHeight)),
          };
        }),
      );
      await host.page.evaluate(() => window.pw.destroy());
    }
    expect(sizes[0]!.lines).toBeLessThanOrEqual(2);
    expect(sizes[0]!.font).toBeGreaterThanOrEqual(16);
    expect(sizes[1]!.font).toBeGreaterThan(sizes[0]!.font);
  });

  test("headings have levels, features a list, and quotas the amount of the chosen interval", async () => {
    await show({
      purchaseOptions: [options.monthly, options.yearly, options.weekly, options.lifetime],
      layout: [
        title,
        { type: "heading", text: "In every plan", level: 2 },
        { type: "features_list", items: [{ name: "Offline", desc: "On planes too" }, "History"] },
        {
          type: "tokenization_gate",
          queries: [{ id: "img", name: "Images", desc: "In colour", count: 400 }],
        },
        grid,
        cta,
      ],
    });
    expect(await host.page.getByRole("heading", { level: 2, name: "Write without limits" }).count()).toBe(1);
    expect(await host.page.getByRole("heading", { level: 3, name: "In every plan" }).count()).toBe(1);
    expect(await host.page.getByRole("listitem").filter({ hasText: "Offline" }).count()).toBe(1);
    const quota = host.page.getByRole("listitem").filter({ hasText: "Images" });
    const counts = [];
    for (const name of [/Monthly/, /Yearly/, /Weekly/, /Lifetime/]) {
      await plan(name).click();
      counts.push((await quota.locator("em").textContent())?.trim());
    }
    expect(counts).toEqual(["400", "4,800", "100", "400"]);
  });

  test("a guarantee is never invented: without a title the badge only speaks of the checkout", async () => {
    await show({ layout: [title, grid, cta, { type: "guarantee_badge" }] });
    expect(await host.page.locator(".guarantee").textContent()).toContain("Secure checkout");
    expect(await host.page.locator(".footer").textContent()).not.toMatch(/money|guarantee|refund/i);
    await host.page.evaluate(() => window.pw.destroy());
    await show({
      layout: [title, grid, cta, { type: "guarantee_badge", title: "14-day refund", icon: "none" }],
    });
    expect(await host.page.locator(".guarantee b").textContent()).toBe("14-day");
    expect(await host.page.locator(".guarantee svg").count()).toBe(0);
  });

  test("the countdown is whole at 1280×800 and at 390×740, with a block of its own and without one", async () => {
    for (const layout of [
      [{ type: "offer_banner", title: "A rather long title for an offer in spring" }, title, grid, cta],
      [title, grid, cta],
    ]) {
      await show({ offers: [{ key: "spring", discountPercent: 30, endsAt: inTwoHours() }], layout });
      for (const [width, height] of [
        [1280, 800],
        [390, 740],
      ] as const) {
        await host.page.setViewportSize({ width, height });
        const banner = host.page.locator(".offer");
        expect(await banner.count()).toBe(1);
        await fits(banner);
        expect(await banner.locator("time").textContent()).toMatch(/1:59:\d\d$/);
      }
      await host.page.evaluate(() => window.pw.destroy());
    }
  });

  test("B-197: the banner of an offer that lasts an hour starts its clock once, and goes when it is over", async () => {
    await host.page.clock.install();
    await show({
      purchaseOptions: [options.monthly],
      offers: [{ key: "hour", discountPercent: 50, durationMinutes: 60 }],
      layout: [title, { type: "offer_banner" }, grid, cta],
    });
    const key = await host.page.evaluate(
      (id) => window.sdk.offerStartStorageKey(id),
      host.shop.offer("hour"),
    );
    const started = () => host.page.evaluate((name) => localStorage.getItem(name), key);
    await expect.poll(started).toBeTruthy();
    const first = await started();
    expect(
      await plan(/Monthly/)
        .locator("b")
        .textContent(),
    ).toBe("$6");
    await host.page.clock.fastForward(61 * 60_000);
    await expect.poll(() => host.page.locator(".offer").count()).toBe(0);
    expect(
      await plan(/Monthly/)
        .locator("b")
        .textContent(),
    ).toBe("$12");
    await host.page.keyboard.press("Escape");
    await host.open();
    await host.waitForView("layout");
    expect(await started()).toBe(first);
    expect(await host.page.locator(".offer").count()).toBe(0);
  });

  test("in test mode every view says so", async () => {
    await show({}, { auth: true });
    const badge = host.page.getByText("Test mode", { exact: false });
    expect(await badge.isVisible()).toBe(true);
    await host.page.getByRole("button", { name: "Contact support" }).click();
    await host.page.getByLabel("Subject").waitFor();
    expect(await badge.isVisible()).toBe(true);
  });
});

describe("current_session", () => {
  test("B-287: guests and anonymous people can restore and write; whoever is signed in sees their address and can leave", async () => {
    await show(
      { allowAnonymous: true, layout: [title, grid, cta, { type: "current_session" }] },
      { auth: true },
    );
    const button = (name: string) => host.page.getByRole("button", { name });
    expect(await button("Restore purchase").isVisible()).toBe(true);
    expect(await button("Contact support").isVisible()).toBe(true);
    await host.page.evaluate(() => window.pw.signInAnonymously());
    expect(await button("Restore purchase").isVisible()).toBe(true);
    expect(await button("Sign out").count()).toBe(0);

    await button("Restore purchase").click();
    await host.signInWithCode(ADA);
    await host.waitForView("layout");
    expect(await host.page.getByText(ADA).isVisible()).toBe(true);
    expect(await button("Restore purchase").count()).toBe(0);
    await button("Sign out").click();
    await expect.poll(() => button("Restore purchase").isVisible()).toBe(true);
    expect(await host.page.evaluate(() => window.pw.auth?.getCachedSession())).toBe(null);
  });

  test("B-288: restore opens the gate for an anonymous person; without auth there is nothing to press, and asking does nothing", async () => {
    await show(
      { allowAnonymous: true, layout: [title, grid, cta, { type: "current_session" }] },
      { auth: true },
    );
    await host.page.evaluate(() => window.pw.signInAnonymously());
    await host.page.getByRole("button", { name: "Restore purchase" }).click();
    await dialog("Restore your purchase").waitFor();
    expect(await host.view()).toBe("auth");
    await host.page.evaluate(() => window.pw.destroy());

    await host.start();
    await host.page.evaluate(() => {
      const { blockRegistry } = window.sdk;
      const own = blockRegistry.current_session!;
      blockRegistry.current_session = (props) => {
        (window as { ask?: () => void }).ask = () => props.ctx.onAction("restore");
        return (own as Draw)(props);
      };
      window.pw.open();
    });
    await host.waitForView("layout");
    expect(await host.page.getByRole("button", { name: "Restore purchase" }).count()).toBe(0);
    await host.page.evaluate(() => (window as { ask?: () => void }).ask?.());
    expect(await host.view()).toBe("layout");
  });
});
