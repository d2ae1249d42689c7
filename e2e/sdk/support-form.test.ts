import { expect, test } from "vitest";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage();
const field = (name: string) => host.page.getByLabel(name, { exact: true });
const send = () => host.page.getByRole("button", { name: "Send message" });
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const picture = (name: string, bytes = 100, mimeType = "image/png") => ({
  name,
  mimeType,
  buffer: Buffer.concat([PIXEL, Buffer.alloc(Math.max(0, bytes - PIXEL.length))]),
});

async function openSupport(): Promise<void> {
  await host.page.evaluate(() => window.pw.openSupport());
  await field("Subject").waitFor();
}

/** The error or hint that is tied to a field. */
const noteOf = async (name: string) => {
  const id = await field(name).getAttribute("aria-describedby");
  return id ? host.page.locator(`#${id}`).textContent() : null;
};

test("B-258: support can be written although the plans do not load, and the close button closes", async () => {
  await host.fault("/bootstrap", { status: 500, body: { error: "x" } });
  await host.start();
  await openSupport();
  await field("Email").fill(ADA);
  await field("Subject").fill("Hello there");
  await field("Message").fill("Does it export to Word?");
  await send().click();
  await host.page.getByRole("heading", { name: "Message sent" }).waitFor();
  expect(await host.page.getByText(ADA).isVisible()).toBe(true);
  expect(await host.page.getByRole("button", { name: "Done" }).evaluate((it) => it.matches(":focus"))).toBe(
    true,
  );
  await host.page.getByRole("button", { name: "Send another message" }).click();
  expect(await field("Subject").inputValue()).toBe("");
  await host.page.getByRole("button", { name: "Close" }).click();
  await host.waitForView(null);
});

test("B-296: every problem is said beside its field, the first one gets the focus, and nothing is sent", async () => {
  await host.start();
  await openSupport();
  await field("Email").fill("nobody");
  await field("Subject").fill("Hi");
  await send().click();
  await expect.poll(() => noteOf("Email")).toBe("Enter a valid email address.");
  expect(await noteOf("Subject")).toBe("Between 3 and 200 characters.");
  expect(await noteOf("Message")).toBe("Between 1 and 5000 characters.");
  await expect.poll(() => field("Email").evaluate((it) => it.matches(":focus"))).toBe(true);
  for (const name of ["Email", "Subject", "Message"])
    expect(await field(name).getAttribute("aria-invalid"), name).toBe("true");
  expect(host.calls("/support/ticket")).toEqual([]);
});

test("B-296: no more than five pictures of five megabytes, and only pictures", async () => {
  await host.start();
  await openSupport();
  const files = host.page.locator("#pw-files");
  const note = host.page.locator("#pw-files-note");
  await files.setInputFiles([picture("notes.pdf", 100, "application/pdf")]);
  await expect.poll(() => note.textContent()).toBe("Only JPEG, PNG or WebP up to 5 MB.");
  await files.setInputFiles([picture("huge.png", 5 * 1024 * 1024 + 1)]);
  expect(await note.textContent()).toBe("Only JPEG, PNG or WebP up to 5 MB.");
  await files.setInputFiles([1, 2, 3, 4].map((n) => picture(`${n}.png`)));
  await files.setInputFiles([5, 6].map((n) => picture(`${n}.png`)));
  await expect.poll(() => note.textContent()).toBe("Choose at most 5 images.");
  expect(await host.page.getByRole("button", { name: /^Remove/ }).count()).toBe(5);
  await host.page.getByRole("button", { name: "Remove 2.png" }).click();
  expect(await host.page.getByRole("button", { name: /^Remove/ }).count()).toBe(4);
});

test("B-296: what the server refuses keeps what was typed, and the next try sends it with its pictures", async () => {
  await host.start();
  await openSupport();
  await field("Email").fill(ADA);
  await field("Subject").fill("Hello there");
  await field("Message").fill("Look at this");
  await host.page.locator("#pw-files").setInputFiles([picture("screen.png")]);
  await host.fault("/support/ticket", { status: 502, body: { error: "down" } }, 1);
  await send().click();
  await host.page.getByRole("alert").filter({ hasText: "was not sent" }).waitFor();
  expect(await field("Message").inputValue()).toBe("Look at this");
  expect(await host.page.getByRole("button", { name: "Remove screen.png" }).count()).toBe(1);
  await send().click();
  await host.page.getByRole("heading", { name: "Message sent" }).waitFor();
});

test("B-296: somebody who is signed in writes from their own address", async () => {
  await host.start({ auth: true });
  await host.page.evaluate(() => window.pw.openSignin());
  await host.signInWithCode(ADA);
  await host.waitForView(null);
  await openSupport();
  expect(await field("Email").inputValue()).toBe(ADA);
  expect(await field("Email").getAttribute("readonly")).not.toBe(null);
});

test("a third message of a day is asked to wait, in words", async () => {
  await host.start();
  await openSupport();
  await host.fault("/support/ticket", { status: 429, body: { error: "rate_limit_exceeded" } });
  await field("Email").fill(ADA);
  await field("Subject").fill("Hello there");
  await field("Message").fill("Me again");
  await send().click();
  await host.page.getByRole("alert").filter({ hasText: "wait for our answer" }).waitFor();
});

test("the place for pictures is reached and opened by the keyboard alone", async () => {
  await host.start();
  await openSupport();
  // The view puts the focus where it begins; only then may somebody move on.
  await expect.poll(() => field("Email").evaluate((it) => it.matches(":focus"))).toBe(true);
  await field("Message").focus();
  await host.page.keyboard.press("Tab");
  expect(await host.page.locator("#pw-files").evaluate((it) => it.matches(":focus"))).toBe(true);
  const outline = await host.page.locator(".drop").evaluate((it) => getComputedStyle(it).outlineStyle);
  expect(outline).toBe("solid");
  const chooser = host.page.waitForEvent("filechooser");
  await host.page.keyboard.press("Space");
  await (await chooser).setFiles([picture("by-keyboard.png")]);
  await host.page.getByRole("button", { name: "Remove by-keyboard.png" }).waitFor();
});
