import { describe, expect, test } from "vitest";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage();
const dialog = () => host.page.getByRole("dialog");
const button = (name: string) => host.page.getByRole("button", { name, exact: true });
/** The element inside the modal that has the focus, in words. */
const focused = () =>
  host.page.evaluate(() => {
    const inner = document.querySelector("[data-paywall-host]")?.shadowRoot?.activeElement;
    return inner && `${inner.tagName} ${inner.getAttribute("aria-label") ?? inner.textContent}`;
  });
/** As it is laid out: the picture of it still grows while the card comes in. */
const height = () => host.page.locator(".card").evaluate((it) => (it as HTMLElement).offsetHeight);

async function show(options: Parameters<typeof host.start>[0] = { auth: true }): Promise<void> {
  await host.start(options);
  await host.open();
  await host.waitForView("layout");
}

describe("opening and closing", () => {
  test("B-278: allow_close false disables the X, Escape and the overlay, but not close()", async () => {
    host.use(await host.server.sell({ allowClose: false }));
    await show();
    expect(await button("Close").count()).toBe(0);
    for (let i = 0; i < 3; i++) await host.page.keyboard.press("Escape");
    await host.page.mouse.click(5, 5);
    expect(await host.view()).toBe("layout");
    await host.page.evaluate(() => window.pw.close());
    expect(await host.view()).toBe(null);
  });

  test("B-279: opening moves the focus in and stops the page's scrolling; closing restores both", async () => {
    await host.start();
    await host.page.focus("#buy");
    await host.open();
    await host.waitForView("layout");
    expect(await focused()).not.toBe(null);
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("hidden");
    // The page behind is inert: its controls cannot be focused at all.
    await host.page.evaluate(() => document.getElementById("link")?.focus());
    expect(await host.page.evaluate(() => document.activeElement?.id)).not.toBe("link");
    await host.page.keyboard.press("Escape");
    await host.waitForView(null);
    expect(await host.page.evaluate(() => document.activeElement?.id)).toBe("buy");
    expect(await host.page.evaluate(() => document.body.style.overflow)).toBe("");
  });

  test("a cold open shows a named skeleton in the same tick", async () => {
    await host.start();
    const first = await host.page.evaluate(() => {
      window.pw.open();
      const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
      return { view: window.pw.getState().view, name: root.querySelector("#pw-title")?.textContent };
    });
    expect(first).toEqual({ view: "loading", name: "Loading plans" });
    await host.waitForView("layout");
  });

  test("the page does not move by a pixel when the modal opens", async () => {
    await host.start();
    const where = () => host.page.locator("#buy").boundingBox();
    const before = await where();
    await host.open();
    await host.waitForView("layout");
    expect(await where()).toEqual(before);
  });

  test("a click beside the card closes, one inside does not, and neither does a selection dragged out of it", async () => {
    await show();
    await host.page.getByText("Unlimited documents").click();
    expect(await host.view()).toBe("layout");
    const heading = (await host.page.getByRole("heading", { name: "Write without limits" }).boundingBox())!;
    await host.page.mouse.move(heading.x + 5, heading.y + 5);
    await host.page.mouse.down();
    await host.page.mouse.move(5, 5);
    await host.page.mouse.up();
    expect(await host.view()).toBe("layout");
    await host.page.mouse.click(5, 5);
    await host.waitForView(null);
  });

  test("keys that are typed in the modal do not reach the page's shortcuts", async () => {
    await show();
    await host.page.evaluate(() => {
      const page = window as unknown as { keys?: string[] };
      page.keys = [];
      document.addEventListener("keydown", ({ key }) => page.keys!.push(key));
    });
    await host.page.keyboard.press("j");
    await host.page.keyboard.press("ArrowDown");
    expect(await host.page.evaluate(() => (window as unknown as { keys?: string[] }).keys)).toEqual([]);
  });
});

describe("focus and names", () => {
  test("B-280: Tab and Shift+Tab go round inside the dialog", async () => {
    await show();
    const stops: (string | null | undefined)[] = [];
    for (let i = 0; i < 10; i++) {
      await host.page.keyboard.press("Tab");
      stops.push(await focused());
    }
    expect(stops).not.toContain(null);
    expect(new Set(stops).size).toBe(5); // close, one plan, buy, restore, support
    expect(stops.slice(5)).toEqual(stops.slice(0, 5));
    await host.page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe(stops[8]);
  });

  test("B-280: every view names the dialog by what it shows", async () => {
    const named = async (name: string) => {
      await host.page.getByRole("dialog", { name, exact: true }).waitFor();
      expect(await dialog().count()).toBe(1);
    };
    await host.fault("/bootstrap", { status: 503 }, 1);
    await host.start({ auth: true });
    await host.open();
    await named("This didn’t load");
    await button("Try again").click();
    await named("Write without limits");
    await button("Contact support").click();
    await named("How can we help?");
    await button("Back").click();
    await host.page.evaluate(() => {
      const real = window.open;
      window.open = () => {
        window.open = real;
        return null;
      };
    });
    await host.cta().click();
    await named("Sign in to continue");
    await host.signInWithCode(ADA);
    await named("One more click");
    const opened = host.context.waitForEvent("page");
    await button("Open checkout").click();
    await named("Finish in the other tab");
    await payAtSandbox(await opened);
    await named("You’re all set");
  });

  test("a new view begins in its first field or button, and going back leads to where one left", async () => {
    await show();
    await button("Contact support").click();
    await host.page.getByLabel("Email", { exact: true }).waitFor();
    await expect
      .poll(() => host.page.getByLabel("Email", { exact: true }).evaluate((it) => it.matches(":focus")))
      .toBe(true);
    await button("Back").click();
    await expect.poll(focused).toBe("BUTTON Contact support");
    await button("Restore purchase").click();
    await expect
      .poll(() => host.page.getByLabel("Email", { exact: true }).evaluate((it) => it.matches(":focus")))
      .toBe(true);
    await button("Back").click();
    await expect.poll(focused).toBe("BUTTON Restore purchase");
  });

  test("somebody without a mouse chooses a plan, signs in, pays and goes on", async () => {
    await host.start({ auth: true });
    await host.page.focus("#buy");
    await host.open();
    await host.waitForView("layout");
    const { keyboard } = host.page;
    const tabTo = async (wanted: string) => {
      const there = async () =>
        /^(?!DIALOG)/.test((await focused()) ?? "") && (await focused())?.includes(wanted);
      for (let i = 0; i < 10 && !(await there()); i++) await keyboard.press("Tab");
      expect(await focused()).toContain(wanted);
    };
    await tabTo("Yearly");
    await keyboard.press("ArrowDown");
    await tabTo("Get monthly plan");
    await keyboard.press("Enter");
    await host.page.getByLabel("Email", { exact: true }).waitFor();
    await expect.poll(focused).toContain("INPUT");
    await keyboard.type(ADA);
    await keyboard.press("Enter");
    await host.page.getByLabel("6-digit code").waitFor();
    await expect
      .poll(() => host.page.getByLabel("6-digit code").evaluate((it) => it.matches(":focus")))
      .toBe(true);
    const opened = host.context.waitForEvent("page");
    await keyboard.type(await host.server.codeFor(ADA));
    await payAtSandbox(await opened);
    await host.waitForView("purchased");
    await host.page.bringToFront();
    await expect.poll(focused).toBe("BUTTON Continue");
    await keyboard.press("Enter");
    await host.waitForView(null);
    expect(await host.page.evaluate(() => document.activeElement?.id)).toBe("buy");
  });
});

describe("calm", () => {
  test("the card keeps its height from view to view, so that no button runs away from the pointer", async () => {
    await show();
    const plans = await height();
    await button("Restore purchase").click();
    await host.page.getByLabel("Email", { exact: true }).waitFor();
    expect(await height()).toBe(plans);
    await button("Back").click();
    await host.waitForView("layout");
    expect(await height()).toBe(plans);
  });

  test("whoever asks for less motion gets none, also in views that are loaded later", async () => {
    await host.page.emulateMedia({ reducedMotion: "reduce" });
    await show({ identity: { email: ADA } });
    await host.page.evaluate(() => {
      window.open = () => null;
    });
    const moving = () =>
      host.page.evaluate(
        () => document.querySelector("[data-paywall-host]")!.shadowRoot!.getAnimations().length,
      );
    expect(await moving()).toBe(0);
    await button("Contact support").click();
    await host.page.getByLabel("Subject").waitFor();
    expect(await moving()).toBe(0);
  });

  test("on a phone everything that can be pressed is at least 44 pixels high", async () => {
    const phone = await host.newContext({
      viewport: { width: 390, height: 740 },
      isMobile: true,
      hasTouch: true,
    });
    const page = await phone.newPage();
    await host.load("/", page);
    await host.start({ auth: true }, page);
    await page.evaluate(() => window.pw.open());
    await host.waitForView("layout", page);
    /** What a finger would hit 21 px above and below the middle of every control. */
    const missed = () =>
      page.evaluate(() => {
        const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
        return [...root.querySelectorAll<HTMLElement>("button,[role=radio],input,textarea")]
          .filter((it) => {
            const { x, y, width, height } = it.getBoundingClientRect();
            if (y < 0 || y + height > innerHeight) return false;
            return [-21, 21].some((dy) => {
              const hit = root.elementFromPoint(x + width / 2, y + height / 2 + dy);
              return hit !== it && !it.contains(hit) && !hit?.closest("label")?.contains(it);
            });
          })
          .map((it) => it.textContent || it.id || it.getAttribute("aria-label"));
      });
    expect(await missed()).toEqual([]);
    await page.getByRole("button", { name: "Restore purchase" }).click();
    await page.getByLabel("Email", { exact: true }).waitFor();
    expect(await missed()).toEqual([]);
    await phone.close();
  });

  test("at 200 % zoom and at 320 pixels nothing is cut off sideways and the button stays in reach", async () => {
    await show();
    for (const [width, height_] of [
      [640, 400],
      [320, 560],
    ] as const) {
      await host.page.setViewportSize({ width, height: height_ });
      expect(await host.cta().isVisible()).toBe(true);
      const box = (await host.cta().boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height_);
      expect(await host.page.locator(".scroll").evaluate((it) => it.scrollWidth <= it.clientWidth + 1)).toBe(
        true,
      );
    }
  });
});

describe("views that arrive later", () => {
  test("a view whose code cannot be had says so, offers another try, and works when the network does", async () => {
    await host.start({ auth: true });
    let cut = true;
    await host.page.route(/\/chunks\/auth-/, (route) => (cut ? route.abort() : route.fallback()));
    await host.page.evaluate(() => window.pw.openSignin());
    await host.page.getByRole("dialog", { name: "This didn’t load" }).waitFor();
    await button("Try again").click();
    await button("Reload the page").waitFor();
    cut = false;
    await button("Try again").click();
    await host.page.getByLabel("Email", { exact: true }).waitFor();
    await host.signInWithCode(ADA);
    await host.waitForView(null);
  });

  test("after a deploy that took the old code away, reloading the page is the way out", async () => {
    await host.start({ auth: true });
    await host.page.route(/\/chunks\/support-/, (route) => route.fulfill({ status: 404, body: "gone" }));
    await host.page.evaluate(() => window.pw.openSupport());
    await button("Try again").click();
    const reloaded = host.page.waitForEvent("load");
    await button("Reload the page").click();
    await reloaded;
  });

  test("one view that has to be fetched follows another, neither having been fetched ahead", async () => {
    await host.start({ auth: true });
    await host.page.evaluate(() => window.pw.openSignin());
    await host.page.getByLabel("Email", { exact: true }).waitFor();
    await host.page.evaluate(() => window.pw.openSupport());
    await host.page.getByLabel("Message", { exact: true }).fill("hello");
    expect(await button("Try again").count()).toBe(0);
  });

  test("what is needed next is there before it is asked for", async () => {
    const chunks: string[] = [];
    host.page.on("response", (response) => chunks.push(new URL(response.url()).pathname));
    await show();
    for (const part of ["auth", "support", "payment"])
      await expect
        .poll(() => chunks.some((path) => path.includes(`/chunks/${part}-`)), { message: part })
        .toBe(true);
  });
});
