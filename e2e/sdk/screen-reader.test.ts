import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ADA, payAtSandbox, useHostPage } from "./host-page.ts";
import { readDialog } from "./transcript.ts";

const DOCUMENT = new URL("../../docs/sdk/screen-reader-transcript.md", import.meta.url);
const HEAD = `# What a screen reader is given

The purchase journey of the default paywall, as Chromium's accessibility tree has it at every step: one line for each
thing that is read, with its role, its name, what it is described by, and its states. \`[focused]\` is where the reader
stands. Written by \`e2e/sdk/screen-reader.test.ts\` (\`UPDATE_TRANSCRIPT=1\` renews it), which fails when it is no longer true.
`;

const host = useHostPage();

test("the written transcript of the purchase journey is what Chromium gives a screen reader today", async () => {
  const steps: string[] = [];
  const note = async (title: string) => {
    const tree = (await readDialog(host.page)).replace(/in \d+ s/, "in 60 s");
    expect(tree, title).toMatch(/^dialog “.+”/);
    expect(tree, title).toContain("focused");
    steps.push(`## ${steps.length + 1}. ${title}\n\n\`\`\`text\n${tree}\n\`\`\`\n`);
  };
  const focusIn = (label: string) =>
    expect
      .poll(() => host.page.getByLabel(label, { exact: true }).evaluate((it) => it.matches(":focus")))
      .toBe(true);

  await host.fault("/bootstrap", { status: 503 }, 1);
  await host.start({ auth: true });
  await host.page.focus("#buy");
  await host.open();
  await host.waitForView("error");
  await note("The plans did not load");
  await host.page.getByRole("button", { name: "Try again" }).click();
  await host.waitForView("layout");
  await expect.poll(() => readDialog(host.page)).toContain("radio");
  await note("The plans");
  await host.page.getByRole("radio", { name: /Yearly/ }).focus();
  await host.page.keyboard.press("ArrowDown");
  await note("The arrow down chooses the next plan");
  await host.cta().click();
  await host.page.getByLabel("Email", { exact: true }).waitFor();
  await focusIn("Email");
  await note("The purchase asks who it is");
  await host.page.keyboard.type("ada");
  await host.page.keyboard.press("Enter");
  await host.page.getByText("Enter a valid email address.").waitFor();
  await note("An address that is none");
  await host.page.getByLabel("Email", { exact: true }).fill(ADA);
  await host.page.keyboard.press("Enter");
  await host.page.getByLabel("6-digit code").waitFor();
  await focusIn("6-digit code");
  await note("The code from the mail");
  const opened = host.context.waitForEvent("page");
  await host.page.keyboard.type(await host.server.codeFor(ADA));
  const tab = await opened;
  await host.waitForView("awaiting_payment");
  await host.page.bringToFront();
  await host.page.getByRole("button", { name: "I’ve paid" }).waitFor();
  await note("The checkout is open in another tab");
  await payAtSandbox(tab);
  await host.waitForView("purchased");
  await host.page.bringToFront();
  await host.page.getByRole("button", { name: "Continue" }).waitFor();
  await expect.poll(() => readDialog(host.page)).toContain("focused");
  await note("Paid");

  const now = `${HEAD}\n${steps.join("\n")}`;
  if (process.env.UPDATE_TRANSCRIPT) writeFileSync(DOCUMENT, now);
  expect(readFileSync(DOCUMENT, "utf8")).toBe(now);
});
