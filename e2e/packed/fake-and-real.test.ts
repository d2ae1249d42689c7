import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { AuthClient, BillingClient } from "../../packages/sdk/src/core/index.ts";
import { createFakePaywall, type FakePaywallOptions } from "../../packages/sdk/src/testing/index.ts";
import { PaywallUI, type PaywallView } from "../../packages/sdk/src/ui/index.ts";
import { type PlainOptions, payAtSandbox, useHostPage } from "../sdk/host-page.ts";

const host = useHostPage();

/** What a story may do with a paywall, whichever it is. */
interface Stage {
  open(): Promise<void>;
  close(): Promise<void>;
  checkout(): Promise<void>;
  pressBuy(): Promise<void>;
  pay(): Promise<void>;
  signIn(): Promise<void>;
  refuseNextCheckout(code: string): Promise<void>;
  failNextLoad(): Promise<void>;
  access(): Promise<string>;
  until(view: PaywallView | null): Promise<void>;
  untilEvent(name: string): Promise<void>;
  /** Event names in order, with what tells one case from another. */
  events(): Promise<string[]>;
}

interface Story {
  title: string;
  /** The paywall on the server, and what the page and the fake are built with. */
  paywall?: Record<string, unknown>;
  real?: PlainOptions;
  fake?: FakePaywallOptions;
  bought?: boolean;
  act(stage: Stage): Promise<void>;
  events: string[];
}

const BUYER = "ada@example.com";
const known = { real: { identity: { email: BUYER } }, fake: { auth: false, identity: { email: BUYER } } };
const preauth: FakePaywallOptions = {
  bootstrap: { settings: { id: "1", name: "App", checkout_mode: "preauth" } },
};
const guest = { checkoutMode: "guest" };

const stories: Story[] = [
  {
    title: "a stranger opens the plans and closes them",
    paywall: guest,
    fake: { auth: false },
    async act(stage) {
      await stage.open();
      await stage.until("layout");
      await stage.close();
      await stage.until(null);
    },
    events: ["open", "ready", "close"],
  },
  {
    title: "somebody known pays, is let in, and is told so when the plans are asked for again",
    paywall: guest,
    ...known,
    async act(stage) {
      await stage.open();
      await stage.until("layout");
      expect(await stage.access()).toBe("blocked no_subscription");
      await stage.pressBuy();
      await stage.until("awaiting_payment");
      await stage.pay();
      await stage.until("purchased");
      expect(await stage.access()).toBe("granted has_subscription");
      await stage.close();
      await stage.open();
      await stage.untilEvent("purchase_completed restored");
    },
    events: [
      "open",
      "ready",
      "checkout_started",
      "purchase_completed",
      "close",
      "purchase_completed restored",
    ],
  },
  {
    title: "a buyer who signs in to buy is let in instead",
    real: { auth: true },
    fake: { user: { has_active_subscription: true }, session: null, ...preauth },
    bought: true,
    async act(stage) {
      await stage.open();
      await stage.until("layout");
      await stage.pressBuy();
      await stage.until("auth");
      await stage.signIn();
      await stage.untilEvent("purchase_completed restored");
      await stage.until("purchased");
    },
    events: ["open", "ready", "purchase_completed restored"],
  },
  {
    title: "free openings are counted, and the plans come after the last",
    paywall: { ...guest, trial: { mode: "opens", payload: 1 } },
    fake: { auth: false, trial: { mode: "opens", payload: 1, storage: "client" } },
    async act(stage) {
      await stage.open();
      await stage.untilEvent("trial_blocked 0");
      await stage.until(null);
      await stage.open();
      await stage.until("layout");
      await stage.untilEvent("trial_expired");
    },
    events: ["open", "close", "trial_blocked 0", "trial_expired", "open", "ready"],
  },
  {
    title: "a checkout that is refused is an error, and the plans stay",
    paywall: guest,
    ...known,
    async act(stage) {
      await stage.open();
      await stage.until("layout");
      await stage.refuseNextCheckout("processor_down");
      await stage.pressBuy();
      await stage.untilEvent("error processor_down");
      await stage.until("layout");
    },
    events: ["open", "ready", "error processor_down"],
  },
  {
    title: "content that cannot be loaded is an error view, and closing works",
    paywall: guest,
    fake: { auth: false },
    async act(stage) {
      await stage.failNextLoad();
      await stage.open();
      await stage.until("error");
      await stage.close();
      await stage.until(null);
    },
    events: ["open", "error boom", "close"],
  },
  {
    title: "a direct checkout shows no plans and waits for the payment",
    paywall: guest,
    ...known,
    async act(stage) {
      await stage.checkout();
      await stage.until("awaiting_payment");
      await stage.pay();
      await stage.until("purchased");
    },
    events: ["checkout_started", "open", "ready", "purchase_completed"],
  },
  {
    title: "where sign-in comes first, what was to be bought is bought after it",
    real: { auth: true },
    async act(stage) {
      await stage.open();
      await stage.until("layout");
      await stage.pressBuy();
      await stage.until("auth");
      await stage.signIn();
      await stage.until("awaiting_payment");
    },
    fake: preauth,
    events: ["open", "ready", "checkout_started"],
  },
];

/** A name, and of its payload what a host would tell cases apart by. */
const nameOf = (name: string, payload: unknown): string => {
  const { restored, code, remainingActions } = (payload ?? {}) as Record<string, unknown>;
  const detail =
    name === "error" ? code : name === "trial_blocked" ? remainingActions : restored && "restored";
  return detail === undefined || detail === false ? name : `${name} ${detail}`;
};

function fakeStage(options: FakePaywallOptions): Stage {
  const paywall = createFakePaywall(options);
  const seen: string[] = [];
  const names = ["open", "ready", "close", "error", "checkout_started", "purchase_completed"] as const;
  for (const name of [...names, "trial_blocked", "trial_expired"] as const)
    paywall.on(name, (payload: unknown) => seen.push(nameOf(name, payload)));
  const later = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  };
  return {
    open: async () => paywall.open(),
    close: async () => paywall.close(),
    checkout: async () => paywall.checkout("1"),
    pressBuy: () => paywall.startCheckout(),
    pay: () => paywall.completePurchase(),
    signIn: () => paywall.signIn({ email: BUYER }),
    refuseNextCheckout: async (code) => paywall.failNextCheckout(code, 500),
    failNextLoad: async () => paywall.failNextLoad("boom"),
    async access() {
      const { access, reason } = await paywall.getAccess();
      return `${access} ${reason}`;
    },
    async until(view) {
      await later();
      expect(paywall.getState().view).toBe(view);
    },
    async untilEvent(name) {
      await later();
      expect(seen).toContain(name);
    },
    events: async () => seen,
  };
}

function realStage(): Stage {
  let tab: Promise<Page> | undefined;
  const expectTab = () => {
    tab = host.context.waitForEvent("page");
  };
  const events = async () => {
    const seen = await host.page.evaluate(() =>
      window.seen.map(({ name, payload }) => ({
        name,
        payload: payload && {
          code: (payload as { code?: string }).code,
          restored: (payload as { restored?: boolean }).restored,
          remainingActions: (payload as { remainingActions?: number }).remainingActions,
        },
      })),
    );
    return seen.map(({ name, payload }) => nameOf(name, payload));
  };
  return {
    open: () => host.open(),
    close: () => host.page.evaluate(() => window.pw.close()),
    async checkout() {
      expectTab();
      await host.page.evaluate((price) => window.pw.checkout(price), host.shop.prices.monthly);
    },
    async pressBuy() {
      expectTab();
      tab?.catch(() => {});
      await host.cta().click();
    },
    async pay() {
      await payAtSandbox((await tab)!);
    },
    signIn: () => host.signInWithCode(BUYER),
    refuseNextCheckout: (code) => host.fault("/start-checkout", { status: 500, body: { code } }, 1),
    failNextLoad: () => host.fault("/bootstrap", { status: 500, body: { code: "boom" } }, 1),
    access: () =>
      host.page.evaluate(async () => {
        const { access, reason } = await window.pw.getAccess();
        return `${access} ${reason}`;
      }),
    until: async (view) => {
      await host.waitForView(view);
    },
    async untilEvent(name) {
      await expect.poll(events, { timeout: 20_000 }).toContain(name);
    },
    events,
  };
}

for (const story of stories) {
  test(`the fake paywall and the real one agree: ${story.title}`, async () => {
    const fake = fakeStage(story.fake ?? {});
    await story.act(fake);
    expect(await fake.events()).toEqual(story.events);

    host.use(await host.server.sell(story.bought ? guest : (story.paywall ?? {})));
    if (story.bought) {
      await host.server.buyFor(host.shop, BUYER);
      await host.shop.publish(story.paywall ?? {});
    }
    await host.start(story.real ?? {});
    const real = realStage();
    await story.act(real);
    expect(await real.events()).toEqual(story.events);
  });
}

test("every public member of the real classes is there on the fake, too", () => {
  const ids = { paywallId: "1", apiOrigin: "https://pay.example.com" };
  const auth = new AuthClient(ids);
  const billing = new BillingClient({ ...ids, auth });
  const fake = createFakePaywall();
  const missing = (real: object, other: object) => Object.keys(real).filter((name) => !(name in other));
  expect(missing(auth, fake.auth!)).toEqual([]);
  expect(missing(billing, fake.billing)).toEqual([]);
  billing.destroy();
  auth.destroy();
  // Built here only to be looked at: nothing of it needs a page before it is opened.
  const real = new PaywallUI({ ...ids, auth: true, analytics: false });
  expect(missing(real, fake)).toEqual([]);
  real.destroy();
});
