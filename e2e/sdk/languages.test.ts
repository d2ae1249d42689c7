import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { useHostPage } from "./host-page.ts";

const layout = (heading: string) => [
  { type: "heading", text: heading, level: 1 },
  { type: "price_grid", view: "horizontal", popular: "yearly" },
  { type: "cta_button" },
  { type: "current_session" },
];
const LOCALES = {
  de: { layout: layout("Schreiben ohne Grenzen"), options: { yearly: { label: "Jahresabo" } } },
  ar: { layout: layout("اكتب بلا حدود"), options: { yearly: { label: "سنوي" } } },
  pt: { layout: layout("Escreva sem limites") },
};

const host = useHostPage({ paywall: { layout: layout("Write without limits"), locales: LOCALES } });

/** A page of a visitor with another browser language; `prepare` runs before anything is loaded. */
async function visit(
  locale: string,
  body: (page: Page) => Promise<void>,
  { prepare, ...options }: BrowserContextOptions & { prepare?: (page: Page) => Promise<unknown> } = {},
) {
  const context = await host.newContext({ locale, ...options });
  try {
    const page = await context.newPage();
    await prepare?.(page);
    await host.load("/", page);
    await host.start({ auth: true }, page);
    await body(page);
  } finally {
    await context.close();
  }
}

const open = async (page: Page) => {
  await page.evaluate(() => window.pw.open());
  await host.waitForView("layout", page);
  await page.locator("[role=radio]").first().waitFor();
};
const spoken = (page: Page) =>
  page.locator("dialog").evaluate((dialog: HTMLElement) => `${dialog.lang} ${dialog.dir}`);
const cta = (page: Page) => page.locator("button.cta").textContent();
const GERMAN = "7 Tage kostenlos testen";
const ENGLISH = "Start 7-day free trial";
const chunks = (page: Page, tag: string) => {
  const seen: string[] = [];
  page.on("request", (request) => {
    if (new RegExp(`/chunks/${tag}-`).test(request.url())) seen.push(request.url());
  });
  return seen;
};

test("B-297: a visitor reads the interface in their language where the merchant has that language", async () => {
  await visit("de-AT", async (page) => {
    await open(page);
    expect(await cta(page)).toBe(GERMAN);
    expect(await spoken(page)).toBe("de ltr");
    await page.getByRole("heading", { name: "Schreiben ohne Grenzen" }).waitFor();
  });
  await visit("pt-BR", async (page) => {
    await open(page);
    expect(await spoken(page)).toBe("pt ltr");
    await page.getByRole("heading", { name: "Escreva sem limites" }).waitFor();
  });
});

test("B-297: without that language of the merchant's everything is English, never half and half", async () => {
  await visit("fr-FR", async (page) => {
    const french = chunks(page, "fr");
    await open(page);
    expect(await cta(page)).toBe(ENGLISH);
    expect(await spoken(page)).toBe("en ltr");
    await page.getByRole("heading", { name: "Write without limits" }).waitFor();
    expect(french.length).toBeLessThanOrEqual(1);
  });
  host.use(await host.server.sell());
  await visit("de-DE", async (page) => {
    await open(page);
    expect(await spoken(page)).toBe("en ltr");
    expect(await cta(page)).toBe(ENGLISH);
  });
});

test("B-298: texts that cannot be fetched leave English, and are not asked for again when it reopens", async () => {
  let asked = 0;
  await visit(
    "de-DE",
    async (page) => {
      await open(page);
      expect(await cta(page)).toBe(ENGLISH);
      expect(await spoken(page)).toBe("en ltr");
      await page.evaluate(() => window.pw.close());
      await open(page);
      expect(await cta(page)).toBe(ENGLISH);
      expect(asked).toBe(1);
    },
    {
      prepare: (page) =>
        page.route(/chunks\/de-/, (route) => {
          asked++;
          return route.abort();
        }),
    },
  );
});

test("B-298: the texts are fetched once a page, also for a second paywall", async () => {
  await visit("de-DE", async (page) => {
    const fetched = chunks(page, "de");
    await open(page);
    await page.evaluate(() => window.pw.close());
    await open(page);
    await page.evaluate(() => window.pw.destroy());
    await host.start({}, page);
    await open(page);
    expect(await cta(page)).toBe(GERMAN);
    expect(fetched).toHaveLength(1);
  });
});

test("no English flashes up while the texts are on their way, and nobody waits for ever", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await visit(
    "de-DE",
    async (page) => {
      await page.clock.install();
      const answered = page.waitForResponse((response) => response.url().includes("/bootstrap"));
      await page.evaluate(() => window.pw.open());
      await answered;
      await host.waitForView("layout", page);
      // The prices are here, the words are not.
      await page.locator(".skeleton").waitFor();
      expect(await page.locator("button.cta").count()).toBe(0);
      await page.clock.runFor(1000);
      await page.locator("button.cta").waitFor();
      expect(await cta(page)).toBe(ENGLISH);
      release();
      await page.getByRole("button", { name: GERMAN }).waitFor();
    },
    {
      prepare: (page) =>
        page.route(/chunks\/de-/, async (route) => {
          await released;
          await route.continue();
        }),
    },
  );
});

test("the texts travel beside the paywall's data, not after it", async () => {
  let german = false;
  await visit(
    "de-DE",
    async (page) => {
      await open(page);
      expect(await cta(page)).toBe(GERMAN);
    },
    {
      prepare: async (page) => {
        page.on("request", (request) => {
          german ||= /chunks\/de-/.test(request.url());
        });
        // The data comes only once the texts have been asked for: were they asked for after it, this would hang.
        await page.route(/\/bootstrap/, async (route) => {
          while (!german) await new Promise((resolve) => setTimeout(resolve, 5));
          await route.continue();
        });
      },
    },
  );
});

test("B-299: setLocale switches what is open, keeps what was typed, and null returns to automatic", async () => {
  await visit("de-DE", async (page) => {
    await page.evaluate(() => window.pw.openSignin());
    const email = page.locator("input[type=email]");
    await email.fill("ada@example.com");
    await page.evaluate(() => window.pw.setLocale("ja"));
    await page.getByLabel("メールアドレス").waitFor();
    expect(await spoken(page)).toBe("ja ltr");
    expect(await email.inputValue()).toBe("ada@example.com");
    await page.evaluate(() => window.pw.setLocale("he"));
    await page.getByLabel("אימייל").waitFor();
    expect(await spoken(page)).toBe("he rtl");
    expect(await email.inputValue()).toBe("ada@example.com");
    await page.evaluate(() => window.pw.setLocale(null));
    await page.getByLabel("E-Mail").waitFor();
    expect(await spoken(page)).toBe("de ltr");
    await page.evaluate(() => window.pw.setLocale("en"));
    await page.getByLabel("Email", { exact: true }).waitFor();
    // Nothing is known of such a language, so the choice is automatic.
    await page.evaluate(() => window.pw.setLocale("tlh"));
    await page.getByLabel("E-Mail").waitFor();
  });
});

test("B-299: the locale option forces a language from the first view on, whatever the merchant has", async () => {
  await host.start({ locale: "fi" });
  await host.open();
  await host.page.getByRole("button", { name: "Kokeile 7 päivää ilmaiseksi" }).waitFor();
});

test("money is written as the interface's language does it", async () => {
  await visit("de-DE", async (page) => {
    await open(page);
    expect(await page.locator(".figure b").first().textContent()).toBe("8,33\u00a0$");
  });
  // English words with French figures would be half and half as well.
  await visit("fr-FR", async (page) => {
    await open(page);
    expect(await page.locator(".figure b").first().textContent()).toBe("$8.33");
  });
});

test("Arabic is laid out from right to left, on a page of either direction", async () => {
  host.pages.set("/", { body: rtlPage("ltr") });
  await visit("ar-EG", async (page) => {
    await open(page);
    expect(await spoken(page)).toBe("ar rtl");
    const [close, card] = await Promise.all(
      [".close", ".pane"].map(async (css) => (await page.locator(css).boundingBox())!),
    );
    expect(close!.x).toBeLessThan(card!.x + card!.width / 2);
    // A price keeps its own order among Arabic words.
    const price = page.locator(".figure b").first();
    expect(await price.evaluate((it) => getComputedStyle(it).unicodeBidi)).toBe("plaintext");
    expect(await price.textContent()).toBe("8.33\u00a0US$");
    expect(await page.locator(".charge").textContent()).toMatch(/\u2068[^\u2069]*99[^\u2069]*\u2069/);
    // The arrow that points to the next card leads to it.
    await page.locator("[role=radio][aria-checked=true]").focus();
    const chosen = () =>
      page.locator("[role=radio]").evaluateAll((all) => all.findIndex((it) => it.ariaChecked === "true"));
    expect(await chosen()).toBe(0);
    await page.keyboard.press("ArrowLeft");
    expect(await chosen()).toBe(1);
    await page.keyboard.press("ArrowRight");
    expect(await chosen()).toBe(0);
    await page.evaluate(() => window.pw.openSignin());
    const email = page.locator("input[type=email]");
    expect(
      await email.evaluate((it) => [getComputedStyle(it).direction, getComputedStyle(it).textAlign]),
    ).toEqual(["ltr", "end"]);
    await page.evaluate(() => window.pw.openSupport());
    await page.locator("#pw-message").fill("hello");
  });
});

test("an icon that points back points to the right in Arabic", async () => {
  await visit("ar", async (page) => {
    await open(page);
    await page.locator(".session .link").last().click();
    const icon = page.locator(".back .icon");
    expect(await icon.evaluate((it) => getComputedStyle(it).transform)).toBe("matrix(-1, 0, 0, 1, 0, 0)");
  });
});

test("an English paywall on a right-to-left page with styles of its own reads from left to right", async () => {
  host.pages.set("/", { body: rtlPage("rtl") });
  await host.load();
  await host.start();
  await open(host.page);
  const seen = await host.page.locator("dialog").evaluate((dialog) => {
    const { direction, textTransform, letterSpacing, textAlign } = getComputedStyle(dialog);
    return { direction, textTransform, letterSpacing, textAlign };
  });
  expect(seen).toEqual({
    direction: "ltr",
    textTransform: "none",
    letterSpacing: "normal",
    textAlign: "start",
  });
});

const rtlPage = (
  dir: string,
) => `<!doctype html><html lang="ar" dir="${dir}"><meta charset="utf-8"><title>مضيف</title>
<style>* { direction: ${dir}; } div { text-transform: uppercase; letter-spacing: 4px; text-align: center; }</style>
<p>صفحة</p><script type="module">import * as sdk from "/sdk/index.js"; window.sdk = sdk;</script>`;
