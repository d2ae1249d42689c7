import { expect, test } from "vitest";
import { useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: { checkoutMode: "guest" } });

/** Brand colours as merchants and accidents write them. What is no colour counts as none. */
const BRANDS = [
  ...["#fff", "#000", "#ffff00", "#ffd400", "#777777", "#808080", "#0a7cff", "#00ff00", "#ff0000", "#1c1c20"],
  ...["white", "yellow", "rebeccapurple", "rgb(250 250 0)", "rgb(100% 50% 0%)", "hsl(210 90% 50%)"],
  ...["oklch(0.9 0.2 110)", "lab(50% 40 59.5)", "color(display-p3 1 0.5 0)", "hwb(194 0% 0%)"],
];
const NO_COLORS = [
  ...[
    "",
    "blue-ish",
    "#12",
    "#1234567",
    "url(//evil.example/a)",
    "red;background:url(//evil.example/a)",
    "inherit",
  ],
  ...[
    "var(--page)",
    "currentcolor)",
    "rgb(",
    "expression(alert(1))",
    "</style>",
    "#4353e0 url(//evil.example/a)",
  ],
];

type Seen = {
  brand: string;
  accent: string;
  button: number;
  tag: number;
  ring: number;
  rim: number;
  small: number;
};

/** Opens the plans with each brand colour in turn and measures what is really on the screen. */
const measure = (brands: string[]) =>
  host.page.evaluate(async (all) => {
    type Rgb = [number, number, number];
    const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
    const find = (css: string) => root.querySelector<HTMLElement>(css)!;
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    const rgb = (color: string): Rgb => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)] as Rgb;
    };
    const light = (color: Rgb) =>
      color
        .map((it) => it / 255)
        .map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4))
        .reduce((sum, it, at) => sum + it * [0.2126, 0.7152, 0.0722][at]!, 0);
    const contrast = (a: string, b: string) => {
      const [x, y] = [light(rgb(a)), light(rgb(b))];
      return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    };
    const seen: Seen[] = [];
    for (const brand of all) {
      window.pw.setBootstrap({ settings: { brand_color: brand } });
      const button = getComputedStyle(find(".cta"));
      const tag = getComputedStyle(find(".tag"));
      const plan = getComputedStyle(find(".plan[aria-checked=true]"));
      const small = getComputedStyle(find(".plan[aria-checked=true] small"));
      const surface = getComputedStyle(find(".card")).backgroundColor;
      const shadow = /(?:rgb|color)\([^)]*\)/;
      seen.push({
        brand,
        accent: button.backgroundColor,
        button: contrast(button.color, button.backgroundColor),
        tag: contrast(tag.color, tag.backgroundColor),
        ring: contrast(shadow.exec(plan.boxShadow)![0], surface),
        rim: contrast(shadow.exec(button.boxShadow)![0], surface),
        small: contrast(small.color, plan.backgroundColor),
      });
    }
    return seen;
  }, brands);

async function showPlans() {
  // Movement would be measured in the middle of it.
  await host.page.emulateMedia({ reducedMotion: "reduce" });
  await host.start();
  await host.open();
  await host.waitForView("layout");
  await host.page.locator(".cta").waitFor();
}

test.each(["light", "dark"] as const)(
  "on %s surfaces every brand colour leaves words readable and shapes visible",
  async (colorScheme) => {
    await host.page.emulateMedia({ colorScheme });
    await showPlans();
    for (const it of await measure([...BRANDS, ...NO_COLORS])) {
      expect(it.button, `button, ${it.brand}`).toBeGreaterThanOrEqual(4.5);
      expect(it.tag, `badge, ${it.brand}`).toBeGreaterThanOrEqual(4.5);
      expect(it.small, `small print of the chosen plan, ${it.brand}`).toBeGreaterThanOrEqual(4.5);
      expect(it.ring, `ring of the chosen plan, ${it.brand}`).toBeGreaterThanOrEqual(3);
      expect(it.rim, `edge of the button, ${it.brand}`).toBeGreaterThanOrEqual(3);
    }
  },
);

test("what is no colour leaves the standard accent, and asks nobody for anything", async () => {
  const foreign: string[] = [];
  host.page.on("request", (request) => {
    if (request.url().includes("evil")) foreign.push(request.url());
  });
  await showPlans();
  for (const it of await measure(NO_COLORS)) expect(it.accent, it.brand).toBe("rgb(67, 83, 224)");
  expect(foreign).toEqual([]);
});

test("the brand colour that the merchant applied is the button's colour", async () => {
  host.use(await host.server.sell({ brandColor: "#ffd400", checkoutMode: "guest" }));
  await showPlans();
  const style = await host.page.locator(".cta").evaluate((it) => {
    const { backgroundColor, color } = getComputedStyle(it);
    return { backgroundColor, color };
  });
  expect(style).toEqual({ backgroundColor: "rgb(255, 212, 0)", color: "rgb(17, 17, 20)" });
});

test("the page sets the documented custom properties for each scheme", async () => {
  await host.page.addStyleTag({
    content: `[data-paywall-host] { --pw-surface: #fff8e7; --pw-surface-dark: #102030; --pw-radius: 4px; --pw-button-radius: 0px;
      --pw-font: "Courier New"; --pw-text: #222244; }`,
  });
  await showPlans();
  const read = () =>
    host.page.locator(".card").evaluate((card) => {
      const { backgroundColor, borderTopLeftRadius, fontFamily, color } = getComputedStyle(card);
      return { backgroundColor, borderTopLeftRadius, color, font: fontFamily.split(",")[0] };
    });
  expect(await read()).toEqual({
    backgroundColor: "rgb(255, 248, 231)",
    borderTopLeftRadius: "4px",
    color: "rgb(34, 34, 68)",
    font: '"Courier New"',
  });
  await host.page.emulateMedia({ colorScheme: "dark" });
  expect(await read()).toMatchObject({ backgroundColor: "rgb(16, 32, 48)", color: "rgb(244, 244, 246)" });
});
