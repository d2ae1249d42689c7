import { html } from "hono/html";
import { expect, test } from "vitest";
import { page, pageHeaders } from "./page.ts";
import { brandAccents, contrast } from "./styles.ts";

const tenant = { name: "Ann & Bob <Ltd>", brandColor: "#ffffff" };

test("whatever colour a merchant picks, text on it is readable and it stands out from the page", () => {
  for (const color of [
    "#ffffff",
    "#000000",
    "#ffff00",
    "#0000ff",
    "#777777",
    "#fff",
    "#101828",
    "red; }",
    null,
  ]) {
    const { light, dark } = brandAccents(color);
    for (const [{ accent, onAccent }, card] of [
      [light, "#ffffff"],
      [dark, "#18181b"],
    ] as const) {
      expect(accent).toMatch(/^#[0-9a-f]{6}$/i);
      expect(contrast(accent, onAccent), `text on ${accent} for ${color}`).toBeGreaterThanOrEqual(4.2);
      expect(contrast(accent, card), `${accent} on ${card}`).toBeGreaterThanOrEqual(3);
    }
  }
});

test("names and content are escaped, and a script cannot end its own element early", async () => {
  const evil = "<img src=x onerror=alert(1)>";
  const text = String(
    await page(
      { title: evil, tenant, body: html`<p>${evil}</p>`, script: "'</script>', '<!--<script>'" },
      "n0nce",
    ),
  );
  expect(text).not.toContain("<img");
  expect(text).toContain("Ann &amp; Bob &lt;Ltd&gt;");
  expect(text.match(/<\/script>/g)).toHaveLength(1);
  // An open comment would hide the real end of the script from the browser.
  expect(text).not.toContain("<!--");
});

test("forms may lead to this origin and to the origins that a page names, and to nothing else", () => {
  const csp = pageHeaders("n", {
    formTargets: ["https://shop.example/thanks?a=1;script-src *", "javascript:alert(1)", "nonsense"],
  })["content-security-policy"];
  expect(csp).toContain("form-action 'self' https://shop.example;");
  expect(csp).not.toContain("*");
});

test("a hosted page keeps its opener, is never framed or stored, and passes no address on", () => {
  const headers = pageHeaders("n");
  expect(Object.keys(headers)).not.toContain("cross-origin-opener-policy");
  expect(headers).toMatchObject({
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
});
