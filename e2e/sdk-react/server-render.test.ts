import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleServer, REACTS } from "./bundle.ts";
import type * as OnServer from "./on-server.ts";
import { useReactPage } from "./react-page.ts";

describe.each(REACTS)("with React %s", (react) => {
  const host = useReactPage(react);
  let folder = "";
  let server: typeof OnServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tollgate-react-"));
    await bundleServer(react, folder);
    server = await import(pathToFileURL(join(folder, "on-server.js")).href);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("B-333: on the server hooks give null, loading and closed, a gate its loading and buttons are disabled, without errors", () => {
    const said: unknown[] = [];
    const { error, warn } = console;
    console.error = console.warn = (...words) => void said.push(words);
    try {
      expect(server.hooksOnServer({ options: host.target })).toEqual({
        paywall: null,
        state: { open: false, view: null, error: null, processing: false },
        user: { status: "loading", user: null, session: null },
        access: { status: "loading", result: null },
        prices: { prices: null, loading: true, error: null },
        offer: null,
        offers: null,
        trial: null,
        visibility: null,
      });
      expect(server.outsideOnServer()).toContain("PaywallProvider");
      const html = server.renderShop({ options: host.target });
      expect(html).toContain("One moment");
      expect(html).toMatch(/<button[^>]* disabled=""[^>]*>Unlock/);
      expect(html).toContain("waiting");
      expect(said).toEqual([]);
    } finally {
      Object.assign(console, { error, warn });
    }
  });

  for (const way of ["renderShop", "streamShop"] as const) {
    for (const given of ["options", "instance"] as const) {
      test(`B-333: a page from ${way} hydrates under StrictMode without a word in the console (${given})`, async () => {
        const html = await server[way]({ options: host.target });
        await host.loadReact(`<div id="root">${html}</div>`);
        expect(await host.page.locator("#gate").textContent()).toBe("One moment");
        await host.page.evaluate(
          ([target, how]) => {
            const { h, hydrateRoot, ShopPage, note } = window.t;
            const options = { ...target, auth: true as const, shadowMode: "open" as const };
            // A paywall that exists before hydrating must not change what hydrating draws.
            const provider =
              how === "options" ? { options } : { instance: new window.sdk.PaywallUI(options) };
            const onRecoverableError = (error: unknown) => note("recovered", String(error));
            hydrateRoot(document.querySelector("#root")!, h(ShopPage, { provider }), { onRecoverableError });
          },
          [host.target, given] as const,
        );
        await host.page.locator("#gate", { hasText: "Blocked" }).waitFor();
        await host.page.locator("#prices", { hasText: "3 prices for guest" }).waitFor();
        await host.page.locator("#own", { hasText: "ready" }).waitFor();
        await host.page.getByRole("button", { name: "Unlock" }).click();
        await host.page.getByRole("dialog").getByRole("radio").first().waitFor();
        expect(await host.seen("recovered")).toEqual([]);
        expect(host.said).toEqual([]);
      });
    }
  }
});
