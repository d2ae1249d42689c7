// A server that takes a request and never answers, where no mirror limits the wait: in every view of the modal somebody
// who waits is told after a while, and can go on.
import { describe, expect, test } from "vitest";
import { flowsOf, GUEST, TRUSTING } from "./flow-kit.ts";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({ tenant: TRUSTING });
const { start, open, waitForView, load } = host;
const { sell, remember, beginCheckout, run } = flowsOf(host);
const LIMIT = 31_000;
const button = (name: string | RegExp) => host.page.getByRole("button", { name });
const alert = () => host.page.getByRole("alert");
const pass = (ms = LIMIT) => host.page.clock.fastForward(ms);

/** From now on requests to these addresses are taken and never answered. */
async function hang(matches: (url: URL) => boolean): Promise<{ asked: () => number }> {
  let asked = 0;
  await host.context.route(matches, () => {
    asked++;
  });
  return { asked: () => asked };
}
const hangApi = (path: string) =>
  hang((url) => url.origin === host.server.origin && url.pathname.endsWith(path));

async function withClock(): Promise<void> {
  await host.page.clock.install();
  await load();
}

test("an e-mailed code and a password that get no answer say so after half a minute, a late answer moves nobody, and the next try works", async () => {
  await withClock();
  await start({ auth: true });
  await run(() => window.pw.openSignin());
  const email = host.page.getByLabel("Email", { exact: true });
  await email.fill(ADA);
  for (const [path, ready] of [
    ["/otp/send", async () => {}],
    [
      "/email/signin",
      async () => {
        await button("Use a password").click();
        await host.page.getByLabel("Password", { exact: true }).fill("correct horse battery");
      },
    ],
  ] as const) {
    await ready();
    const { asked } = await hangApi(path);
    await host.page.keyboard.press("Enter");
    await expect.poll(asked).toBe(1);
    await pass();
    await alert().filter({ hasText: "No connection" }).waitFor();
    expect(await host.page.locator("[data-busy]").count()).toBe(0);
    await host.mend();
  }
  // The codes that were held up may have been sent by now, and there is one a minute for an address.
  const other = `other-${ADA}`;
  await email.fill(other);
  await button("Email me a code").click();
  await host.page.getByLabel("6-digit code").fill(await host.server.codeFor(other));
  await waitForView(null);
});

test("a provider's window that does not come is given up, and the button is free again", async () => {
  await withClock();
  await start({ auth: true, preview: true });
  await run(() => {
    window.pw.setBootstrap({
      settings: { id: "1", name: "Inkwell", auth_providers: ["google"] },
      prices: [],
    });
    window.pw.openSignin();
  });
  const { asked } = await hangApi("/oauth/init");
  await button("Continue with Google").click();
  await expect.poll(asked).toBe(1);
  expect(await button("Continue with Google").getAttribute("data-busy")).toBe("true");
  await pass();
  await alert().filter({ hasText: "No connection" }).waitFor();
  expect(await button("Continue with Google").getAttribute("data-busy")).toBe(null);
});

test("the look for an earlier purchase after a sign-in ends, and the person goes on to the plans", async () => {
  await sell({});
  await withClock();
  await start({ auth: true });
  await open();
  await waitForView("layout");
  await button("Restore purchase").click();
  await waitForView("auth");
  const { asked } = await hangApi("/user-state");
  await host.signInWithCode();
  await expect.poll(asked).toBeGreaterThan(0);
  await pass(11_000);
  await waitForView("layout");
});

test('"I\'ve paid" gives up asking and says that nothing is confirmed yet; pressing it again is possible', async () => {
  await sell(GUEST);
  await withClock();
  await start({ identity: { email: ADA } });
  await beginCheckout();
  await hangApi("/user-state");
  await button("I’ve paid").click();
  await button("Checking").waitFor();
  await pass(11_000);
  await host.page.getByRole("status").filter({ hasText: "Not confirmed yet" }).waitFor();
  expect(await button("I’ve paid").isEnabled()).toBe(true);
});

test("a message to support that gets no answer keeps what was typed, and can be sent again", async () => {
  await withClock();
  await start();
  await run(() => window.pw.openSupport());
  await host.page.getByLabel("Email", { exact: true }).fill(ADA);
  await host.page.getByLabel("Subject", { exact: true }).fill("Fonts");
  await host.page.getByLabel("Message", { exact: true }).fill("Is there a larger one?");
  const { asked } = await hangApi("/support/ticket");
  await button("Send message").click();
  await expect.poll(asked).toBe(1);
  await pass();
  await alert().filter({ hasText: "No connection" }).waitFor();
  expect(await host.page.getByLabel("Message", { exact: true }).inputValue()).toBe("Is there a larger one?");
  await host.mend();
  await button("Send message").click();
  await host.page.getByText("Message sent").waitFor();
});

test("a part of the interface that never arrives is given up, with another try and at last a reload", async () => {
  await withClock();
  await start({ auth: true });
  const { asked } = await hang((url) => url.origin === host.siteOrigin && url.pathname.startsWith("/sdk/"));
  await run(() => window.pw.openSignin());
  await expect.poll(asked).toBeGreaterThan(0);
  await pass();
  await button("Try again").click();
  // The second wait begins when the click has been taken up, which is not this very moment.
  await expect
    .poll(async () => {
      await pass();
      return button("Reload the page").count();
    })
    .toBe(1);
});

describe("what an error view says", () => {
  test.each([
    ["a refusal nobody can do anything about", 404, "Bitte versuche es etwas später noch einmal."],
    ["too many requests", 429, "Zu viele Versuche."],
    ["a server that is broken", 500, "Der Dienst ist ausgelastet."],
  ])("%s is said in the visitor's language, never in the server's words", async (_, status, words) => {
    await host.fault("/bootstrap", { status, body: { error: "Words of the server" } });
    await start({ locale: "de" });
    await open();
    await waitForView("error");
    const dialog = host.page.getByRole("dialog");
    await dialog.getByText(words).waitFor();
    expect(await dialog.textContent()).not.toContain("Words of the server");
    expect(await host.payloads("error")).toHaveLength(1);
  });
});

test("a session that is signed in already waits for no answer either: asked to sign in, the view ends", async () => {
  await withClock();
  await remember();
  await load();
  const { asked } = await hangApi("/user-state");
  await start({ auth: true });
  await run(() => window.pw.openSignin());
  await waitForView("loading");
  await expect.poll(asked).toBeGreaterThan(0);
  await pass(11_000);
  await waitForView(null);
});
