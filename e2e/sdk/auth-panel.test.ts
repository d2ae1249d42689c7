import { beforeEach, describe, expect, test } from "vitest";
import { providerRedirectUri } from "../../apps/server/src/domains/identity/index.ts";
import { registerSandboxApp } from "../../apps/server/src/surfaces/sandbox-identity/index.ts";
import type { BlockProps, PaywallSettings } from "../../packages/sdk/src/index.ts";
import { ADA, useHostPage } from "./host-page.ts";
import type { PaywallSetup, TestShop } from "./real-server.ts";

// The company that plays the providers is part of the demonstration.
const host = useHostPage({ env: { TOLLGATE_DEMO: "1" } });

/** A block of our own, drawn within another one. */
type Draw = (props: BlockProps) => never;
const PASSWORD = "correct horse battery";
const email = () => host.page.getByLabel("Email", { exact: true });
const button = (name: string | RegExp) => host.page.getByRole("button", { name });
const newPassword = () => host.page.getByLabel("Choose a password");

let hosts = 0;
/** A paywall on a domain of its own, which mails with links and providers need. */
async function sellOnDomain(paywall: PaywallSetup = {}): Promise<void> {
  const domain = `panel-${process.pid}-${++hosts}.example.com`;
  host.use(await host.server.sell({ domain, ...paywall }, { domains: [{ host: domain, verified: true }] }));
}

/**
 * The gate. A domain of the test's own leads nowhere, so there the page is given what it would load from it;
 * everything else is the server's answer.
 */
async function gate(
  which: "openSignin" | "openSignup" = "openSignin",
  settings?: Partial<PaywallSettings>,
): Promise<void> {
  await host.start({ auth: true, preview: !!settings });
  await host.page.evaluate(
    ([name, given]) => {
      if (given) window.pw.setBootstrap({ settings: { id: "1", name: "Inkwell", ...given }, prices: [] });
      window.pw[name]();
    },
    [which, settings] as const,
  );
  await email().waitFor();
}

/** The panel as a block of the layout. */
async function panel(block: Record<string, unknown> = {}, more: PaywallSetup = {}): Promise<void> {
  host.use(
    await host.server.sell({
      layout: [{ type: "heading", text: "Hello" }, { type: "auth_panel", ...block }, { type: "price_grid" }],
      ...more,
    }),
  );
  await host.start({ auth: true });
  await host.open();
  await host.waitForView("layout");
}

const session = () => host.page.evaluate(() => window.pw.auth?.getCachedSession());

describe("where the panel shows", () => {
  test("B-289: without an auth client the block renders nothing and says why in the console", async () => {
    host.use(
      await host.server.sell({ layout: [{ type: "heading", text: "Hello" }, { type: "auth_panel" }] }),
    );
    const warned = host.page.waitForEvent("console", (message) => message.text().includes("auth_panel"));
    await host.start();
    await host.open();
    await host.waitForView("layout");
    await warned;
    expect(await email().count()).toBe(0);
  });

  test("B-289: for whoever is signed in it shows nothing, or with hide_when_authenticated false the address and a way out", async () => {
    for (const hide of [true, false]) {
      await panel({ allowEmailCode: true, ...(hide ? {} : { hideWhenAuthenticated: false }) });
      await host.signInWithCode(`somebody-${hide}@example.com`);
      await expect.poll(async () => (await session())?.user.email).toBe(`somebody-${hide}@example.com`);
      await expect.poll(() => host.page.getByLabel("6-digit code").count()).toBe(0);
      expect(await host.page.getByText("Signed in as").count()).toBe(hide ? 0 : 1);
      if (!hide) await button("Sign out").click();
      else await host.page.evaluate(() => window.pw.auth!.signOut());
      await email().waitFor();
      await host.page.evaluate(() => window.pw.destroy());
    }
  });

  test("a panel among other blocks does not take the focus when the paywall opens", async () => {
    await panel({ allowEmailCode: true });
    await email().waitFor();
    expect(await email().evaluate((it) => it.matches(":focus"))).toBe(false);
  });
});

describe("password and sign-up", () => {
  // A second field to type the password again into is one of the faults that our modal must not have; one field
  // that can be looked at takes its place, so there is nothing that could differ, and no local error for it.
  test("B-290: the first submit of a sign-up only asks for the password, in one field that can be looked at, and a short one is refused here", async () => {
    await gate("openSignup");
    expect(await newPassword().count()).toBe(0);
    await email().fill("grace@example.com");
    await host.page.keyboard.press("Enter");
    await newPassword().waitFor();
    expect(host.calls("/email/signup")).toEqual([]);
    await expect.poll(() => newPassword().evaluate((it) => it.matches(":focus"))).toBe(true);
    expect(await host.page.locator("input[type=password]").count()).toBe(1);
    await newPassword().fill("short");
    await button("Show password").click();
    expect(await newPassword().getAttribute("type")).toBe("text");
    await button("Create account").click();
    await expect.poll(() => newPassword().getAttribute("aria-invalid")).toBe("true");
    const note = await newPassword().getAttribute("aria-describedby");
    expect(await host.page.locator(`#${note}`).textContent()).toBe("Choose a longer password.");
    expect(host.calls("/email/signup")).toEqual([]);
  });

  test("B-291: after the confirmation mail the panel signs in by itself on focus and every 20 s; leaving stops it and forgets the password", async () => {
    await sellOnDomain();
    await host.page.clock.install();
    await gate("openSignup", {});
    await email().fill("grace@example.com");
    await host.page.keyboard.press("Enter");
    await newPassword().fill(PASSWORD);
    await button("Create account").click();
    await host.page.getByRole("heading", { name: "Check your inbox" }).waitFor();
    expect(host.calls("/email/signin")).toEqual([]);
    const answered = host.page.waitForResponse(/\/email\/signin$/);
    await host.page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await (await answered).finished();
    expect(host.calls("/email/signin")).toHaveLength(1);
    await host.page.clock.fastForward(20_500);
    await expect.poll(() => host.calls("/email/signin").length).toBe(2);

    await button("Back to sign-in").click();
    expect(await email().inputValue()).toBe("grace@example.com");
    expect(await host.page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    await host.page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await host.page.clock.fastForward(60_000);
    expect(host.calls("/email/signin")).toHaveLength(2);
  });

  test("an address that has an account leads to signing in, with the address kept", async () => {
    await sellOnDomain({ confirmEmail: false });
    await gate("openSignup", {});
    const signUp = (password: string) =>
      host.page.evaluate((given) => window.pw.auth!.signUp(given), { email: ADA, password });
    await signUp(PASSWORD);
    await host.page.evaluate(() => window.pw.auth!.signOut());
    await host.page.evaluate(() => window.pw.close());
    await host.page.evaluate(() => window.pw.openSignup());
    await email().fill(ADA);
    await host.page.keyboard.press("Enter");
    await newPassword().fill("another password");
    await host.page.keyboard.press("Enter");
    await host.page.getByText("This address has an account already").waitFor();
    expect(await email().inputValue()).toBe(ADA);
    await host.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await host.page.keyboard.press("Enter");
    await host.waitForView(null);
  });

  test("a password manager finds labelled fields, and a wrong password is said in words and can be tried again", async () => {
    await sellOnDomain({ confirmEmail: false });
    await gate("openSignup", {});
    const credentials = { email: "manager@example.com", password: PASSWORD };
    await host.page.evaluate((given) => window.pw.auth!.signUp(given), credentials);
    await host.page.evaluate(() => window.pw.auth!.signOut());
    await host.page.evaluate(() => window.pw.close());
    await host.page.evaluate(() => window.pw.openSignin());
    const password = host.page.getByLabel("Password", { exact: true });
    await password.waitFor();
    // Who came with a password last time is asked for it again, not sent a code.
    expect(await email().inputValue()).toBe(credentials.email);
    expect(await email().getAttribute("autocomplete")).toBe("username");
    expect(await password.getAttribute("autocomplete")).toBe("current-password");
    await password.fill("nope");
    await host.page.keyboard.press("Enter");
    await host.page.getByRole("alert").filter({ hasText: "don’t match" }).waitFor();
    await password.fill(PASSWORD);
    await host.page.keyboard.press("Enter");
    await host.waitForView(null);
  });

  test("a guest who signs up keeps their id, and with it everything that belongs to it", async () => {
    await sellOnDomain({ confirmEmail: false, allowAnonymous: true });
    await gate("openSignup", {});
    const guest = await host.page.evaluate(() => window.pw.signInAnonymously());
    await email().fill(ADA);
    await host.page.keyboard.press("Enter");
    await newPassword().fill(PASSWORD);
    await host.page.keyboard.press("Enter");
    await host.waitForView(null);
    expect(host.calls("/anonymous/upgrade")).toHaveLength(1);
    expect(host.calls("/email/signup")).toEqual([]);
    expect((await session())?.user).toMatchObject({ id: guest.user.id, email: ADA });
  });

  test("B-293: allow_signup and allow_password_reset false hide their links, and a sign-up begins as a sign-in", async () => {
    await panel({ allowSignup: false, allowPasswordReset: false });
    await email().waitFor();
    expect(await button("Create one").count()).toBe(0);
    expect(await button("Forgot?").count()).toBe(0);
    await host.page.evaluate(() => {
      window.pw.close();
      const { blockRegistry } = window.sdk;
      const own = blockRegistry.auth_panel!;
      blockRegistry.auth_panel = (props) =>
        (own as Draw)({ ...props, ctx: { ...props.ctx, initialAuthMode: "signup" } });
      window.pw.open();
    });
    await host.page.getByLabel("Password", { exact: true }).waitFor();
    expect(await button("Sign in").isVisible()).toBe(true);
    await host.page.evaluate(() => window.pw.destroy());
    await panel();
    // Control: where it is allowed, the same start is a sign-up.
    await host.page.getByRole("heading", { name: "Create your account" }).waitFor();
  });
});

describe("a code by mail", () => {
  test("B-292: it is offered in a layout only where allow_email_code is true", async () => {
    await panel();
    await email().waitFor();
    expect(await button(/code/).count()).toBe(0);
    await host.page.evaluate(() => window.pw.destroy());
    await panel({ allowEmailCode: true });
    await button("Email me a code").waitFor();
  });

  test("B-292: a new code is announced, and leaving clears what was typed", async () => {
    await host.page.clock.install();
    await gate();
    await email().fill(ADA);
    await host.page.keyboard.press("Enter");
    const code = host.page.getByLabel("6-digit code");
    await code.fill("12");
    expect(await button("Send a new code").count()).toBe(0);
    await host.page.clock.runFor(61_000);
    host.server.clock.advance({ seconds: 61 });
    await button("Send a new code").click();
    await host.page.getByRole("status").filter({ hasText: "A new code is on its way." }).waitFor();
    expect(host.calls("/otp/send")).toHaveLength(2);
    await code.fill("34");
    await button("Use another address").click();
    await email().fill("other@example.com");
    await host.page.keyboard.press("Enter");
    await code.waitFor();
    expect(await code.inputValue()).toBe("");
  });

  test("a wrong code is said beside its field, which is empty and ready for another", async () => {
    await gate();
    await email().fill(ADA);
    await host.page.keyboard.press("Enter");
    const code = host.page.getByLabel("6-digit code");
    await code.waitFor();
    const right = await host.server.codeFor(ADA);
    await code.fill(right === "000000" ? "000001" : "000000");
    await host.page.getByText("wrong or has expired").waitFor();
    expect(await code.inputValue()).toBe("");
    expect(await code.getAttribute("aria-invalid")).toBe("true");
    await code.fill(right);
    await host.waitForView(null);
    expect((await session())?.user.email).toBe(ADA);
  });
});

describe("signing in elsewhere", () => {
  let social: TestShop | undefined;
  /** One paywall for all of them: a domain has one owner, and what the provider calls back is this server. */
  beforeEach(async () => {
    const { server } = host;
    if (!social) {
      const redirectUri = providerRedirectUri(server.origin, "google");
      const app = { provider: "google" as const, clientId: "inkwell.sandbox", redirectUri };
      const { secret } = await server.deps.db.transaction((tx) => registerSandboxApp(tx, server.deps, app));
      const domain = `localhost:${server.port}`;
      social = await server.sell(
        { domain, allowAnonymous: true, authProviders: ["google"] },
        {
          domains: [{ host: domain, verified: true }],
          authProviders: [
            {
              provider: "google",
              clientId: app.clientId,
              clientSecret: secret,
              issuer: `${server.origin}/sandbox/identity/google`,
            },
          ],
        },
      );
    }
    host.use(social);
  });

  const choose = async (name: string, person = "Ana Keller") => {
    const opened = host.context.waitForEvent("page");
    await button(name).click();
    const popup = await opened;
    await popup.getByRole("button", { name: person }).click();
    return popup;
  };

  test("B-294: the providers stand in the merchant's order above the form, and without any there is only e-mail", async () => {
    await gate("openSignin", { auth_providers: ["apple", "google"] });
    expect(await button(/Continue with/).allTextContents()).toEqual([
      "Continue with Apple",
      "Continue with Google",
    ]);
    await host.page.evaluate(() => window.pw.destroy());
    await gate("openSignin", {});
    expect(await button(/Continue with/).count()).toBe(0);
    expect(await email().isVisible()).toBe(true);
    await host.page.evaluate(() => window.pw.destroy());
    await host.start({ auth: true, preview: true });
    await host.page.evaluate(() => {
      const block = { type: "auth_panel", providers: ["google", "myspace" as never] } as const;
      window.pw.setBootstrap({
        settings: { id: "1", name: "Inkwell" },
        prices: [],
        layout: { type: "modal", blocks: [{ ...block, providers: [...block.providers] }] },
      });
      window.pw.open();
    });
    await button("Continue with Google").waitFor();
    expect(await button(/Continue with/).count()).toBe(1);
  });

  test("one click there signs in here, and the next time the button remembers, with the address masked", async () => {
    await gate();
    await choose("Continue with Google");
    await host.waitForView(null);
    expect((await session())?.user.email).toBe("ana@example.com");
    await host.page.evaluate(() => window.pw.auth!.signOut());
    await host.page.evaluate(() => window.pw.openSignin());
    await host.page.getByText("Last used: ana•••").waitFor();
    expect(await button(/Continue with Google/).textContent()).not.toContain("@");
  });

  test("B-295: the button is free as soon as the window is open, and closing the window is no error", async () => {
    await gate();
    const opened = host.context.waitForEvent("page");
    await button("Continue with Google").click();
    const popup = await opened;
    await host.page.getByText("Continue in the window").waitFor();
    expect(await button("Continue with Google").getAttribute("data-busy")).toBe(null);
    expect(await button("Continue with Google").getAttribute("aria-disabled")).not.toBe("true");
    await popup.close();
    await expect.poll(() => host.page.getByText("Continue in the window").count()).toBe(0);
    expect(await host.page.getByRole("alert").count()).toBe(0);
  });

  test('B-295: "Cancel" on the provider\'s own page is no error either, and the panel is as it was', async () => {
    await gate();
    const popup = await choose("Continue with Google", "Cancel");
    await expect.poll(() => popup.isClosed()).toBe(true);
    await expect.poll(() => host.page.getByText("Continue in the window").count()).toBe(0);
    expect(await host.page.getByRole("alert").count()).toBe(0);
    await choose("Continue with Google");
    await host.waitForView(null);
  });

  test("B-295: an account that belongs to somebody else here can be switched to with one more click", async () => {
    await gate();
    await choose("Continue with Google");
    await host.waitForView(null);
    const owner = (await session())?.user.id;
    await host.page.evaluate(() => window.pw.auth!.signOut());
    await host.page.evaluate(() => window.pw.signInAnonymously());
    await host.page.evaluate(() => window.pw.openSignin());
    await choose("Continue with Google");
    const alert = host.page.getByRole("alert");
    await alert.filter({ hasText: "This Google account belongs to another user" }).waitFor();
    await choose("Sign in as that user");
    await host.waitForView(null);
    expect((await session())?.user.id).toBe(owner);
  });

  test("a blocked window is said in words, and the person can try again", async () => {
    await gate();
    await host.page.evaluate(() => {
      const real = window.open;
      window.open = () => {
        window.open = real;
        return null;
      };
    });
    await button("Continue with Google").click();
    await host.page.getByRole("alert").filter({ hasText: "stopped the sign-in window" }).waitFor();
    await choose("Continue with Google");
    await host.waitForView(null);
  });
});
