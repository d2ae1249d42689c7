import { expect, test } from "vitest";
import { FREE_OPENS, flowsOf, GUEST, HIDDEN, TRUSTING } from "./flow-kit.ts";
import { ADA, useHostPage } from "./host-page.ts";

const host = useHostPage({ paywall: GUEST, tenant: TRUSTING });
const { start, names } = host;
const { run, sell } = flowsOf(host);
const asAda = { identity: { email: ADA } };
const access = async () => {
  const { access, reason } = await run(() => window.pw.getAccess());
  return `${access} ${reason}`;
};

test("B-260: access is granted for a purchase, then for invisibility, then for a running trial, else not", async () => {
  await start(asAda);
  expect(await access()).toBe("blocked no_subscription");
  await sell({ ...GUEST, ...FREE_OPENS });
  await start(asAda);
  expect(await access()).toBe("granted trial_blocked");
  await sell({ ...GUEST, ...FREE_OPENS, ...HIDDEN });
  await start(asAda);
  expect(await access()).toBe("granted visibility_blocked");
  await host.server.buyFor(host.shop, ADA);
  await run(() => window.pw.billing.getUser({ force: true }));
  expect(await access()).toBe("granted has_subscription");
});

test("B-261: asking uses up no free open, starts no clock, shows nothing and reports nothing", async () => {
  await sell({ ...GUEST, ...FREE_OPENS });
  await start();
  for (let i = 0; i < 4; i++) expect(await access()).toBe("granted trial_blocked");
  await sell({ ...GUEST, trial: { mode: "time", payload: 24 } });
  await start();
  expect(await access()).toBe("granted trial_blocked");
  expect(await run(() => window.pw.getTrialStatus())).toMatchObject({ mode: "time", startedAt: null });
  expect(await names()).toEqual([]);
  expect(await run(() => document.querySelector("[data-paywall-host]"))).toBe(null);
});

test("B-262: without the server only somebody known to have paid gets in", async () => {
  await host.server.buyFor(host.shop, ADA);
  await host.fault("/bootstrap", "abort");
  await start(asAda);
  await host.fault("/user-state", "abort");
  expect(await access()).toBe("blocked no_subscription");
  await host.mend();
  await host.fault("/bootstrap", "abort");
  await run(() => window.pw.billing.getUser());
  expect(await access()).toBe("granted has_subscription");
  // Also after a reload, from what is stored.
  await host.load();
  await start(asAda);
  expect(await access()).toBe("granted has_subscription");
});

test("B-262: offline it does not wait for the settled user, and a throwing peek costs nothing", async () => {
  await host.fault("/bootstrap", "abort");
  const { target } = host;
  const result = await host.page.evaluate(async (ids) => {
    const client = new window.sdk.BillingClient({ ...ids, identity: { email: "nobody@example.com" } });
    let settled = 0;
    const broken = Object.assign(Object.create(client), client, {
      getCachedUser: () => null,
      peekCachedUser: () => Promise.reject(new Error("broken")),
      getSettledUser: () => {
        settled++;
        return client.getSettledUser();
      },
    });
    const pw = new window.sdk.PaywallUI({ ...ids, client: broken });
    const { access } = await pw.getAccess();
    return { access, settled };
  }, target);
  expect(result).toEqual({ access: "blocked", settled: 0 });
});

test("an aborted question is answered as offline ones are, and never rejects", async () => {
  await start();
  const answer = await run(() => window.pw.getAccess({ signal: AbortSignal.abort() }));
  expect(answer).toMatchObject({ access: "blocked", reason: "no_subscription" });
});
