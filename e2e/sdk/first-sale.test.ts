import { expect, test } from "vitest";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";

const host = useHostPage();

test("on a page of another origin somebody signs in with a mailed code, pays, and is let in", async () => {
  await host.start({ auth: true });
  await host.open();
  await host.waitForView("layout");
  await host.cta().click();
  await host.waitForView("auth");
  const checkout = host.context.waitForEvent("page");
  await host.signInWithCode(ADA);
  const tab = await checkout;
  await payAtSandbox(tab);
  await host.waitForView("purchased");
  expect(await host.names()).toContain("purchase_completed");
  expect(host.calls("/bootstrap")).toHaveLength(1);
});

test("an outage that ends leaves a page that works", async () => {
  await host.server.goDown();
  await host.start();
  await host.open();
  await host.waitForView("error");
  await host.server.comeBack();
  await host.page.getByRole("button", { name: "Try again" }).click();
  await host.waitForView("layout");
});
