import { expect, test } from "vitest";
import type * as Sdk from "../../packages/sdk/src/index.ts";
import { someone, useCorePage } from "./core-page.ts";

const host = useCorePage({ paywall: { trial: { mode: "opens", payload: 3, storage: "client" } } });
const inPage = <T>(work: () => T | Promise<T>) => host.page.evaluate(work);
const HOUR = 3_600_000;
const opens = (payload: number, storage: "client" | "server" = "client") => ({
  mode: "opens" as const,
  payload,
  storage,
});
const hours = (payload: number, storage: "client" | "server" = "client") => ({
  mode: "time" as const,
  payload,
  storage,
});
const OPENS_KEY = () => `paywall-${host.shop.paywall}-skip-times`;
const TIME_KEY = () => `paywall-${host.shop.paywall}-trial-time-first-open`;
const raw = (key: string) => host.page.evaluate((name) => localStorage.getItem(name), key);
const put = (key: string, text: string) =>
  host.page.evaluate(([name, value]) => localStorage.setItem(name, value), [key, text] as const);

declare global {
  interface Window {
    trial: Sdk.TrialStore;
  }
}

/** `window.trial`, as `PaywallUI` has it: made by the billing client. */
async function use(config: Sdk.TrialConfig, auth = false) {
  await host.build({ auth });
  await host.page.evaluate((given) => {
    window.trial = window.billing.createTrialStore(given);
  }, config);
}
const check = () => inPage(() => window.trial.check());
const record = () => inPage(() => window.trial.recordBlock());

test("B-184: with three free opens the first three are held back, with two, one and none left; the fourth shows the plans", async () => {
  await host.start();
  for (const remainingActions of [2, 1, 0]) {
    const before = (await host.names()).length;
    await host.open();
    await host.page.waitForFunction(
      (n) => window.seen.length > n && window.seen.at(-1)?.name === "trial_blocked",
      before,
    );
    const status = { mode: "opens", blocked: remainingActions > 0, remainingActions, totalActions: 3 };
    expect((await host.payloads("trial_blocked")).at(-1)).toEqual(status);
    expect(await inPage(() => window.pw.getTrialStatus())).toEqual(status);
  }
  await host.open();
  await host.waitForView("layout");
  expect(await host.names()).toContain("trial_expired");
  expect(await host.payloads("trial_blocked")).toHaveLength(3);
});

test("B-185: the counter stops at the number of opens, and none at all shows the plans at once", async () => {
  await use(opens(2));
  for (let n = 0; n < 5; n++) await record();
  expect(await raw(OPENS_KEY())).toBe("2");
  expect(await check()).toEqual({ mode: "opens", blocked: false, remainingActions: 0, totalActions: 2 });
  await use(opens(0));
  await inPage(() => window.trial.reset());
  expect(await check()).toMatchObject({ blocked: false });
  host.use(await host.server.sell({ trial: opens(0) }));
  await host.start();
  await host.open();
  await host.waitForView("layout");
  expect(await host.names()).not.toContain("trial_blocked");
});

test("B-186, B-187: time starts with the first held-back open, once, and ends to the millisecond", async () => {
  await host.page.clock.install();
  await host.load();
  await host.page.clock.pauseAt(Date.now() + 60_000);
  await use(hours(2));
  expect(await check()).toEqual({
    mode: "time",
    blocked: true,
    startedAt: null,
    expiresAt: null,
    remainingMs: 2 * HOUR,
    totalMs: 2 * HOUR,
  });
  const startedAt = await inPage(() => Date.now());
  expect(await record()).toMatchObject({ blocked: true, startedAt, expiresAt: startedAt + 2 * HOUR });
  expect(await raw(TIME_KEY())).toBe(String(startedAt));
  await host.page.clock.runFor(HOUR);
  expect(await record()).toMatchObject({ startedAt, remainingMs: HOUR });
  await host.page.clock.runFor(HOUR - 1);
  expect(await check()).toMatchObject({ blocked: true, remainingMs: 1 });
  await host.page.clock.runFor(1);
  expect(await check()).toMatchObject({ blocked: false, remainingMs: 0, startedAt });
});

test("B-188: looking writes nothing and uses nothing up, and a reset begins again", async () => {
  await use(opens(3));
  for (let n = 0; n < 3; n++) expect(await check()).toMatchObject({ remainingActions: 3 });
  expect(await raw(OPENS_KEY())).toBeNull();
  for (let n = 0; n < 3; n++) await record();
  expect(await check()).toMatchObject({ blocked: false });
  await inPage(() => window.trial.reset());
  expect(await check()).toMatchObject({ blocked: true, remainingActions: 3 });
  await use(hours(1));
  await check();
  expect(await raw(TIME_KEY())).toBeNull();
});

test("B-189: what earlier clients have stored counts, and what is no number does not", async () => {
  await put(OPENS_KEY(), "2");
  await use(opens(3));
  expect(await check()).toMatchObject({ blocked: true, remainingActions: 1 });
  const start = (await inPage(() => Date.now())) - HOUR;
  await put(TIME_KEY(), String(start));
  await use(hours(1));
  expect(await check()).toMatchObject({ blocked: false, startedAt: start });
  for (const text of ["", "many", "12 times", "NaN", "-4", "{}"]) {
    await put(OPENS_KEY(), text);
    await put(TIME_KEY(), text);
    await use(opens(3));
    expect(await check(), text).toMatchObject({ remainingActions: 3 });
    await use(hours(1));
    expect(await check(), text).toMatchObject({ blocked: true, startedAt: null });
  }
});

test("B-190: where no server counts, storage `server` behaves like `client` and says so once per page", async () => {
  const warnings: string[] = [];
  host.page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  // This paywall keeps its trial on the device, so the server answers 404; then nothing answers at all.
  await use(opens(3, "server"));
  expect(await check()).toMatchObject({ blocked: true, remainingActions: 3 });
  expect(await record()).toMatchObject({ remainingActions: 2 });
  expect(host.calls("/trial-state")).toHaveLength(2);
  await host.fault("/trial-state", "abort");
  await use(opens(3, "server"));
  expect(await record()).toMatchObject({ remainingActions: 1 });
  expect(await record()).toMatchObject({ blocked: false, remainingActions: 0 });
  expect(await raw(OPENS_KEY())).toBe("3");
  await inPage(() => window.trial.reset());
  expect(await check()).toMatchObject({ remainingActions: 3 });
  await use(hours(1, "server"));
  expect(await record()).toMatchObject({ blocked: true, totalMs: HOUR });
  expect(warnings.filter((text) => text.includes("does not count this trial"))).toHaveLength(1);
});

test("a server that hangs holds nobody up for longer than a few seconds", async () => {
  await host.context.route(
    (url) => url.pathname.endsWith("/trial-state"),
    () => {},
  );
  await use(opens(3, "server"));
  expect(await record()).toMatchObject({ remainingActions: 2 });
});

test("the bootstrap hands out the trial with its storage, and the server's count is the paywall's", async () => {
  host.use(await host.server.sell({ trial: opens(2, "server") }));
  await host.start();
  for (const remainingActions of [1, 0]) {
    await host.open();
    await host.page.waitForFunction(
      (n) => window.seen.filter((it) => it.name === "trial_blocked").length === n,
      2 - remainingActions,
    );
    expect((await host.payloads("trial_blocked")).at(-1)).toMatchObject({ remainingActions });
  }
  await host.open();
  await host.waitForView("layout");
  expect(host.calls("/trial-state").filter((it) => it.startsWith("POST"))).toHaveLength(2);
  // A trial that is over here is over without asking.
  const asked = host.calls("/trial-state").length;
  expect(await inPage(async () => (await window.pw.getAccess()).access)).toBe("blocked");
  expect(host.calls("/trial-state")).toHaveLength(asked);
});

test("clearing the counter, or all storage while signed in, does not bring a server's trial back", async () => {
  host.use(await host.server.sell({ trial: opens(2, "server") }));
  await use(opens(2, "server"), true);
  await record();
  await record();
  // Clearing the counter: the device is known by its visitor id.
  await inPage(() => window.trial.reset());
  expect(await check()).toMatchObject({ blocked: false, remainingActions: 0 });
  // Clearing everything, and signing in to an account that has used its trial up on this device.
  const email = someone();
  await host.signIn(email);
  await record();
  await inPage(() => localStorage.clear());
  await host.load();
  await use(opens(2, "server"), true);
  // Control: to a new device without a name the trial is new.
  expect(await check()).toMatchObject({ blocked: true, remainingActions: 2 });
  // A second code may be asked for after a minute.
  host.server.clock.advance({ minutes: 2 });
  await host.signIn(email);
  expect(await check()).toMatchObject({ blocked: false, remainingActions: 0 });
});

test("opens while the server was out of reach are made up for when it is back", async () => {
  host.use(await host.server.sell({ trial: opens(5, "server") }));
  await use(opens(5, "server"));
  await host.server.goDown();
  await record();
  await record();
  await host.server.comeBack();
  expect(await record()).toMatchObject({ remainingActions: 2 });
  await inPage(() => window.trial.reset());
  expect(await check()).toMatchObject({ remainingActions: 2 });
});

test("a server's trial in hours runs by the server, whatever the device's clock says", async () => {
  await host.page.clock.install({ time: Date.now() - 72 * HOUR });
  await host.load();
  host.use(await host.server.sell({ trial: hours(2, "server") }));
  await use(hours(2, "server"));
  await record();
  await inPage(() => window.trial.reset());
  host.server.clock.advance({ hours: 1 });
  const status = (await check()) as Extract<Sdk.TrialStatus, { mode: "time" }>;
  expect(status.blocked).toBe(true);
  expect(status.remainingMs).toBeGreaterThan(0.9 * HOUR);
  expect(status.remainingMs).toBeLessThanOrEqual(HOUR);
  host.server.clock.advance({ hours: 1 });
  expect(await check()).toMatchObject({ blocked: false, remainingMs: 0 });
});

test("two tabs that open at once use up two opens of a server's trial", async () => {
  host.use(await host.server.sell({ trial: opens(5, "server") }));
  await use(opens(5, "server"));
  const other = await host.tab();
  await host.build({}, other);
  await Promise.all([
    record(),
    other.evaluate((given) => window.billing.createTrialStore(given).recordBlock(), opens(5, "server")),
  ]);
  expect(await check()).toMatchObject({ remainingActions: 3 });
});
