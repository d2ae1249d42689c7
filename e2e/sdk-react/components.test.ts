import { describe, expect, test } from "vitest";
import { ADA, payAtSandbox } from "../sdk/host-page.ts";
import { REACTS } from "./bundle.ts";
import { useReactPage } from "./react-page.ts";

describe.each(REACTS)("with React %s", (react) => {
  const host = useReactPage(react);

  /** Holds the data back until the result is called, to see what is shown meanwhile. */
  const holdBootstrap = async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await host.page.route("**/bootstrap*", async (route) => {
      await held;
      await route.continue();
    });
    return () => release();
  };
  const click = (name: string) => host.page.getByRole("button", { name }).click();

  test("B-340: a gate shows loading, then the fallback, then its children when access is granted", async () => {
    host.use(await host.server.sell({ checkoutMode: "guest" }, { hybridTrust: "legacy" }));
    const release = await holdBootstrap();
    await host.page.evaluate(
      ([target, email]) => {
        const { h, mount, bindings, Expose } = window.t;
        const options = { ...target, identity: { email } };
        const gate = h(
          bindings.PaywallGate,
          { loading: h("p", null, "One moment"), fallback: h("p", null, "Please buy") },
          h("p", null, "Welcome inside"),
        );
        mount(h(bindings.PaywallProvider, { options }, h(Expose), gate));
      },
      [host.target, ADA] as const,
    );
    await host.page.getByText("One moment").waitFor();
    expect(await host.page.getByText("Please buy").count()).toBe(0);
    release();
    await host.page.getByText("Please buy").waitFor();
    expect(await host.page.getByText("Welcome inside").count()).toBe(0);
    await host.server.buyFor(host.shop, ADA);
    await host.page.evaluate(() => window.pw.billing.getUser({ force: true }));
    await host.page.getByText("Welcome inside").waitFor();
    expect(await host.page.getByText("Please buy").count()).toBe(0);
    expect(host.said).toEqual([]);
  });

  test("B-340: somebody buys at a gate and is let in without a reload", async () => {
    await host.page.evaluate((target) => {
      const { h, mount, bindings, Expose } = window.t;
      const options = { ...target, auth: true as const, shadowMode: "open" as const };
      const gate = h(
        bindings.PaywallGate,
        { fallback: h(bindings.PaywallButton, null, "Unlock") },
        h("p", null, "Welcome inside"),
      );
      mount(h(bindings.PaywallProvider, { options }, h(Expose), gate));
    }, host.target);
    await click("Unlock");
    await host.waitForView("layout");
    await host.cta().click();
    await host.waitForView("auth");
    const checkout = host.context.waitForEvent("page");
    await host.signInWithCode(ADA);
    await payAtSandbox(await checkout);
    await host.waitForView("purchased");
    await host.page.getByText("Welcome inside").waitFor();
  });

  test("B-341: openOnBlocked opens once, under the gate's title, and another title does not open again", async () => {
    const outcome = await host.page.evaluate(async (target) => {
      const { h, mount, bindings, note, seen } = window.t;
      const instance = new window.sdk.PaywallUI({ ...target, autoDetectReturn: false, shadowMode: "open" });
      const paywall = Object.assign(Object.create(instance), {
        open: (options: object) => note("opened", options),
      }) as typeof instance;
      const gate = (paywallTitle: string) =>
        h(
          bindings.PaywallProvider,
          { instance: paywall },
          h(bindings.PaywallGate, { openOnBlocked: true, paywallTitle, fallback: h("p", { id: "shut" }) }),
        );
      const root = mount(gate("Keep writing"));
      while (!document.querySelector("#shut")) await new Promise((resolve) => setTimeout(resolve, 10));
      while (!seen.opened) await new Promise((resolve) => setTimeout(resolve, 10));
      root.render(gate("Another title"));
      return seen.opened;
    }, host.target);
    expect(outcome).toEqual([{ title: "Keep writing" }]);
  });

  test("B-342: a function as fallback receives the blocked result and a way to open under the gate's title", async () => {
    await host.page.evaluate((target) => {
      const { h, mount, bindings, Expose } = window.t;
      const gate = h(bindings.PaywallGate, {
        paywallTitle: "Print what you wrote",
        fallback: ({ result, open }) =>
          h("button", { type: "button", onClick: open }, `${result.access}: ${result.reason}`),
      });
      const options = { ...target, shadowMode: "open" as const };
      mount(h(bindings.PaywallProvider, { options }, h(Expose), gate));
    }, host.target);
    await click("blocked: no_subscription");
    await host.waitForView("layout");
    await host.page.getByRole("heading", { name: "Print what you wrote" }).waitFor();
  });

  test("B-343: a button forwards its options, calls the method of its mode, and the host's onClick runs afterwards", async () => {
    await host.page.evaluate((target) => {
      const { h, mount, bindings, note } = window.t;
      const instance = new window.sdk.PaywallUI({ ...target, auth: true, autoDetectReturn: false });
      let signins = 0;
      const noted = (method: string) => (options: object) => {
        // Two equal notes in a row would be taken for one.
        const again = method === "openSignin" && signins++ ? " again" : "";
        note("calls", `${method} ${JSON.stringify(options)}${again}`);
      };
      const paywall = Object.assign(Object.create(instance), {
        open: noted("open"),
        openSupport: noted("openSupport"),
        openSignin: noted("openSignin"),
        openSignup: noted("openSignup"),
      }) as typeof instance;
      const onClick = (event: React.MouseEvent) => {
        event.preventDefault();
        note("calls", `onClick of ${event.currentTarget.textContent}`);
      };
      const { PaywallButton } = bindings;
      mount(
        h(
          bindings.PaywallProvider,
          { instance: paywall },
          h(
            PaywallButton,
            {
              onClick,
              title: "A tooltip",
              className: "big",
              paywallTitle: "Go on",
              renew: true,
              skipTrial: true,
              skipVisibility: true,
              identity: { email: "ada@example.com" },
            },
            "Plans",
          ),
          h(PaywallButton, { mode: "support" }, "Help"),
          h(PaywallButton, { mode: "signin" }, "Enter"),
          h(PaywallButton, { mode: "auth" }, "Log in"),
          h(PaywallButton, { mode: "signup", type: "submit", disabled: false }, "Join"),
          h(PaywallButton, { disabled: true }, "Sold out"),
        ),
      );
    }, host.target);
    for (const name of ["Plans", "Help", "Enter", "Log in", "Join"]) await click(name);
    const options = {
      identity: { email: ADA },
      renew: true,
      skipTrial: true,
      skipVisibility: true,
      title: "Go on",
    };
    expect(await host.seen("calls")).toEqual([
      `open ${JSON.stringify(options)}`,
      "onClick of Plans",
      "openSupport {}",
      "openSignin {}",
      "openSignin {} again",
      "openSignup {}",
    ]);
    const plans = host.page.getByRole("button", { name: "Plans" });
    expect(
      await plans.evaluate((it) => {
        const { title, className, type } = it as HTMLButtonElement;
        return [title, className, type];
      }),
    ).toEqual(["A tooltip", "big", "button"]);
    expect(await host.page.getByRole("button", { name: "Join" }).getAttribute("type")).toBe("submit");
    expect(await host.page.getByRole("button", { name: "Sold out" }).isDisabled()).toBe(true);
  });

  test("B-344: a priceId button goes to the checkout and shows that it works; another one does not", async () => {
    const release = await holdBootstrap();
    await host.page.evaluate(
      ([target, priceId]) => {
        const { h, mount, bindings, note, Expose } = window.t;
        const { PaywallButton } = bindings;
        const own = ({
          ready,
          processing,
          open,
        }: {
          ready: boolean;
          processing: boolean;
          open: () => void;
        }) => {
          note("own", `${ready} ${processing}`);
          return h("a", { href: "#own", onClick: open }, "Own element");
        };
        const options = { ...target, auth: true as const, shadowMode: "open" as const };
        mount(
          h(
            bindings.PaywallProvider,
            { options },
            h(Expose),
            h(PaywallButton, { priceId, mode: "support" }, "Buy now"),
            h(PaywallButton, { priceId }, "Another"),
            h(PaywallButton, { priceId, render: own }),
          ),
        );
      },
      [host.target, host.shop.price("monthly")] as const,
    );
    await click("Buy now");
    await host.page.locator('button[aria-busy="true"]', { hasText: "Buy now" }).waitFor();
    expect(await host.page.getByRole("button", { name: "Buy now" }).isDisabled()).toBe(true);
    expect(await host.page.getByRole("button", { name: "Another" }).isEnabled()).toBe(true);
    release();
    // Nobody is signed in, so the checkout asks for that first; then the button is itself again.
    await host.waitForView("auth");
    expect(await host.page.locator("button[aria-busy]").count()).toBe(0);
    await host.page.evaluate(() => window.pw.close());

    expect(await host.seen("own")).toEqual(["false false", "true false"]);
    await host.page.getByText("Own element").click();
    await host.waitForView("auth");
    expect(await host.seen("own")).toContain("true true");
    expect(await host.last("own")).toBe("true false");
  });

  test("B-345: the support button does what a button of mode support does, and hands out its ref", async () => {
    const tag = await host.page.evaluate(async (target) => {
      const { h, mount, bindings, React, Expose } = window.t;
      const ref = React.createRef<HTMLButtonElement>();
      const options = { ...target, shadowMode: "open" as const };
      mount(
        h(
          bindings.PaywallProvider,
          { options },
          h(Expose),
          h(bindings.PaywallSupportButton, { ref }, "Help"),
        ),
      );
      return ref.current?.textContent;
    }, host.target);
    expect(tag).toBe("Help");
    await click("Help");
    await host.waitForView("support");
    expect(host.said).toEqual([]);
  });
});
