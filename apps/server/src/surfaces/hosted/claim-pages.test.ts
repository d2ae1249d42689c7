import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { LoginBrowser } from "../../../test/login.ts";
import { call, keyOf } from "../../../test/management.ts";
import { applyYaml, idsOf } from "../../../test/setup.ts";

const FILE = `
tenants:
  - slug: gazette
    name: The Gazette
    clients: [{ clientId: gazette-web, kind: browser, origins: ["https://www.gazette.example"] }]
    products: [{ sku: all, title: Everything <b>, type: pass }]
    processors: [{ key: box, kind: sandbox }]
    paywalls: [{ key: news, surface: publisher, product: all, purchaseOptions: [{ key: m, interval: month, amount: 9 }] }]
  - slug: courier
    name: The Courier
    clients: [{ clientId: courier-web, kind: browser, origins: ["https://www.courier.example"] }]
    products: [{ sku: c, title: C }]
    processors: [{ key: cbox, kind: sandbox }]
    paywalls: [{ key: c, surface: publisher, product: c, purchaseOptions: [{ key: cm, interval: month, amount: 9 }] }]
`;

let server: TestServer;
let makeCode: (terms?: object) => Promise<string>;
beforeAll(async () => {
  server = await startTestServer();
  await applyYaml(server, FILE);
  const headers = await keyOf(server, (await idsOf(server, "gazette")).tenantId);
  const list = await call<{ id: string }>(server, "POST", "/management/access-lists", headers, {
    name: "Cards",
    type: "CLAIMED",
    status: "ACTIVE",
  });
  makeCode = async (terms = {}) => {
    const path = `/management/access-lists/${list.body.id}/codes`;
    const { body } = await call<{ code: string; link: string }[]>(
      server,
      "POST",
      path,
      { ...headers, "idempotency-key": crypto.randomUUID() },
      { sku: "all", ...terms },
    );
    expect(body[0]?.link).toBe(`http://tollgate.test/claim/en/@gazette-web/${body[0]?.code}`);
    return new URL(body[0]?.link ?? "").pathname;
  };
});
afterAll(() => server[Symbol.asyncDispose]());

async function signedIn(path: string, email: string): Promise<LoginBrowser> {
  const reader = new LoginBrowser(server);
  const started = await reader.fetch(`${path}?sign-in=1`);
  const done = await reader.signIn(started.headers.get("location") ?? "", email);
  expect(done.headers.get("location")).toBe(`http://tollgate.test${path}`);
  return reader;
}
const press = async (reader: LoginBrowser, path: string, headers: Record<string, string> = {}) => {
  const answer = await reader.fetch(path, { method: "POST", headers });
  return { status: answer.status, text: await answer.text() };
};

test("a link shows a page that claims nothing; whoever signs in claims the code with its button, once", async () => {
  const path = await makeCode({ days: 30 });
  const stranger = await server.get<string>(path);
  expect(stranger.status).toBe(200);
  expect(stranger.body).toContain("?sign-in=1");
  expect(stranger.headers.get("referrer-policy")).toBe("no-referrer");
  const reader = await signedIn(path, "card@example.com");
  const page = await (await reader.fetch(path)).text();
  expect(page).toContain("card@example.com");
  expect(page).toContain('<form method="post">');
  const claimed = await press(reader, path);
  expect([claimed.status, claimed.text]).toEqual([200, expect.stringContaining("March 31, 2031")]);
  expect(claimed.text).toContain("Everything &lt;b&gt;");
  expect(claimed.text).toContain('href="https://www.gazette.example/"');
  // Again it says the same; somebody else is too late.
  expect((await press(reader, path)).status).toBe(200);
  const late = await press(await signedIn(path, "late@example.com"), path);
  expect([late.status, late.text]).toEqual([409, expect.stringContaining("has been used")]);
});

test("a claimed code's link says that it is theirs to whoever claimed it, and to everybody else that it has been used", async () => {
  const path = await makeCode({ days: 30 });
  const reader = await signedIn(path, "again@example.com");
  await press(reader, path);
  const mine = await (await reader.fetch(path)).text();
  expect(mine).toContain("It is yours");
  expect(mine).toContain("Everything &lt;b&gt;");
  expect(mine).not.toContain("<form");
  const stranger = (await server.get<string>(path)).body;
  expect(stranger).toContain("has been used");
  expect(stranger, "who may be the one that claimed it").toContain("?sign-in=1");
  expect(stranger).not.toContain("Everything");
  const other = await (await (await signedIn(path, "other@example.com")).fetch(path)).text();
  expect(other).toContain("has been used");
  expect(other).not.toContain("<form");
  // One that others may claim as well says so to nobody but the reader who has.
  const shared = await makeCode({ maxClaims: 2 });
  await press(await signedIn(shared, "first@example.com"), shared);
  expect((await server.get<string>(shared)).body).not.toContain("has been used");
});

test("nobody claims without a session, from another site's page, with another vendor's link or with a code that is none", async () => {
  const path = await makeCode();
  const nobody = await server.fetch(path, { method: "POST" });
  expect([nobody.status, nobody.headers.get("location")]).toEqual([303, path]);
  const reader = await signedIn(path, "own@example.com");
  const elsewhere: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { origin: "https://evil.example" },
  ];
  for (const headers of elsewhere) {
    expect((await press(reader, path, headers)).status).toBe(303);
  }
  const foreign = path.replace("gazette-web", "courier-web");
  const other = await press(await signedIn(foreign, "own@example.com"), foreign);
  expect([other.status, other.text]).toEqual([404, expect.stringContaining("not known")]);
  const unknown = await press(reader, path.replace(/[^/]+$/, "AAAA-BBBB-CCCC-DDDD"));
  expect(unknown.status).toBe(404);
  for (const odd of [
    "/claim/en/@nobody/AAAA-BBBB",
    "/claim/en/@gazette-web/%3Cscript%3E",
    "/claim/xx/@gazette-web/%00",
  ]) {
    expect([odd, (await server.get(odd)).status]).toEqual([odd, 404]);
  }
  // It is still there for whom it was meant.
  expect((await press(reader, path, { "sec-fetch-site": "same-origin" })).status).toBe(200);
});
