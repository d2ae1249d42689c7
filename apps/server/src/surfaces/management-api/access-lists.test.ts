import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SignedInCustomer, signedInCustomer } from "../../../test/identity.ts";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { call, keyOf } from "../../../test/management.ts";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { sql } from "../../platform/database/index.ts";

type Wire = Record<string, unknown> & { id: string };
type Refusal = { error: { code: string; details?: { reason?: string; field?: string; line?: number } } };
type Upload = Wire & {
  state: string;
  counts: Record<"added" | "changed" | "removed" | "unchanged" | "errors", number>;
  samples: Record<"added" | "changed" | "removed", { email: string; sku: string; line: number | null }[]>;
  errors: { line: number; message: string }[];
};

let server: TestServer;
let shop: Shop;
let other: Shop;
let headers: Record<string, string>;
let hook: Receiver;
/** What the publisher's system says next. */
let hookSays: { status: number; body: string };

beforeAll(async () => {
  hook = await startReceiver((response) => void response.writeHead(hookSays.status).end(hookSays.body));
  server = await startTestServer({ config: { webhookAllowedOrigins: [hook.origin] } });
  shop = await createShop(server);
  other = await createShop(server);
  headers = await keyOf(server, shop.tenantId);
  for (const sku of ["daily", "archive"]) {
    await server.deps.db.execute(sql`insert into products (id, tenant_id, sku, title)
      values (${server.deps.ids.next("product")}, ${shop.tenantId}, ${sku}, ${sku})`);
  }
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});

const send = <T = Wire>(method: string, path: string, body?: unknown, own = headers) =>
  call<T>(server, method, `/management/access-lists${path}`, own, body);
/** A request that must succeed. */
async function done<T = Wire>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await send<T>(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
const refused = async (method: string, path: string, body?: unknown, own = headers) => {
  const answer = await send<Refusal>(method, path, body, own);
  const { code, details } = answer.body.error;
  return [answer.status, answer.status === 403 || answer.status === 404 ? code : (details?.reason ?? code)];
};

let lists = 0;
const listOf = (type: string, status = "ACTIVE") =>
  done("POST", "", { name: `List ${++lists}`, type, status });
const reader = (email: string | null, options: { verified?: boolean } = {}) =>
  signedInCustomer(server, shop, { email, ...options });
const rights = async (who: SignedInCustomer) =>
  (await server.get<Wire[]>("/entitlements", who.headers)).body.map(({ sku, origin }) => ({ sku, origin }));
const grantTo = (email: string, extra: object = {}) => ({
  email,
  sku: "daily",
  poId: "",
  status: "ACTIVE",
  ...extra,
});

async function upload(
  listId: string,
  file: string | Buffer,
  options: { query?: string; type?: string } = {},
): Promise<{ status: number; body: Upload & Refusal }> {
  const response = await server.fetch(
    `/management/access-lists/${listId}/uploads${options.query ?? "?sku=daily"}`,
    {
      method: "POST",
      headers: { ...headers, "content-type": options.type ?? "text/csv" },
      body: file as RequestInit["body"],
    },
  );
  return { status: response.status, body: (await response.json()) as Upload & Refusal };
}

describe("lists and grants", () => {
  test("P-149: an active grant makes an EXTERNAL entitlement appear for that email", async () => {
    const list = await listOf("MANUAL");
    const who = await reader("grantee@example.com");
    const grant = await done("POST", `/${list.id}/grants`, grantTo("Grantee@Example.com"));
    expect(grant).toMatchObject({
      source: list.id,
      email: "grantee@example.com",
      sku: "daily",
      userId: who.userId,
    });
    expect(await rights(who)).toEqual([
      { sku: "daily", origin: { type: "EXTERNAL", id: grant.id, listId: list.id, name: list.name } },
    ]);
    // It ends with the grant, begins again with it, and ends with the list.
    await done("PUT", `/${list.id}/grants/${grant.id}`, { status: "INACTIVE" });
    expect(await rights(who)).toEqual([]);
    await done("PUT", `/${list.id}/grants/${grant.id}`, { status: "ACTIVE" });
    expect(await rights(who)).toHaveLength(1);
    await done("PATCH", `/${list.id}`, { status: "CANCELED" });
    expect(await rights(who)).toEqual([]);
    await done("PATCH", `/${list.id}`, { status: "ACTIVE" });
    expect(await rights(who)).toHaveLength(1);
    // Deleted, it can still be read, and deleted again.
    for (let n = 0; n < 2; n += 1) await done("DELETE", `/${list.id}`);
    expect(await rights(who)).toEqual([]);
    expect(await done("GET", `/${list.id}`)).toMatchObject({ status: "CANCELED" });
  });

  test("a right lasts from startsAt to endsAt, and nobody has one by an address that they have not proved", async () => {
    const list = await listOf("BASIC_API");
    const who = await reader("dated@example.com");
    const unproven = await reader("unproven@example.com", { verified: false });
    const at = (days: number) => new Date(server.clock.now().getTime() + days * 86_400_000).toISOString();
    await done(
      "POST",
      `/${list.id}/grants`,
      grantTo("dated@example.com", { startsAt: at(1), endsAt: at(2) }),
    );
    await done("POST", `/${list.id}/grants`, grantTo("unproven@example.com"));
    expect(await rights(who)).toEqual([]);
    expect(await rights(unproven)).toEqual([]);
    const ended = grantTo("dated@example.com", { sku: "archive", startsAt: at(-2), endsAt: at(-1) });
    await done("POST", `/${list.id}/grants`, ended);
    expect(await rights(who)).toEqual([]);
    const open = grantTo("dated@example.com", { startsAt: at(-2), endsAt: at(2) });
    await done("POST", `/${list.id}/grants`, open);
    expect(await rights(who)).toHaveLength(1);
  });

  test("everything that is written of a grant is read again, and a deleted one is gone with its right", async () => {
    const list = await listOf("MANUAL");
    const who = await reader("everything@example.com");
    const body = grantTo("everything@example.com", {
      publisherUserId: "u-1",
      publisherPurchaseId: "p-1",
      startsAt: "2031-01-01T00:00:00.000Z",
      endsAt: "2032-01-01T00:00:00.000Z",
      firstName: "Ada",
      lastName: "L.",
      phone: "+46 1",
      deliveryAddress: { street: "A 1", city: "B", zip: "1", country: "SE", co: "C" },
      billingAddress: { street: "A 2" },
      notes: "=1+1",
      extraFields: { route: "7" },
      excludeFromStats: true,
    });
    const grant = await done("POST", `/${list.id}/grants`, body);
    expect(grant).toMatchObject(body);
    expect(await done("GET", `/${list.id}/grants/${grant.id}`)).toEqual(grant);
    expect(await done<Wire[]>("GET", `/${list.id}/grants?email=everything@example.com`)).toEqual([grant]);
    const twin = grantTo("twin@example.com", { publisherPurchaseId: "p-1" });
    expect(await refused("POST", `/${list.id}/grants`, twin)).toEqual([409, "publisher_purchase_id_taken"]);
    expect((await send("DELETE", `/${list.id}/grants/${grant.id}`)).status).toBe(204);
    expect(await rights(who)).toEqual([]);
    expect(await refused("GET", `/${list.id}/grants/${grant.id}`)).toEqual([404, "not_found"]);
    // Its number is free again.
    await done("POST", `/${list.id}/grants`, twin);
  });

  test("another vendor reads, changes and grants nothing of ours, and no product of theirs can be granted", async () => {
    const list = await listOf("CSV_FILE");
    const grant = await done("POST", `/${list.id}/grants`, grantTo("ours@example.com"));
    const theirs = await keyOf(server, other.tenantId);
    const attempts: [string, string, unknown?][] = [
      ["GET", `/${list.id}`],
      ["PATCH", `/${list.id}`, { status: "CANCELED" }],
      ["GET", `/${list.id}/grants`],
      ["POST", `/${list.id}/grants`, grantTo("thief@example.com")],
      ["DELETE", `/${list.id}/grants/${grant.id}`],
      ["PUT", `/${list.id}/grants/${grant.id}`, { email: "thief@example.com" }],
      ["PUT", `/${list.id}/hook`, { url: hook.url, sku: "pro" }],
      ["POST", `/${list.id}/codes`, { sku: "pro" }],
    ];
    for (const [method, path, body] of attempts) {
      expect(await refused(method, path, body, theirs), `${method} ${path}`).toEqual([403, "forbidden"]);
    }
    expect(await done("GET", `/${list.id}/grants/${grant.id}`)).toEqual(grant);
    // Our grant under a list of theirs, and their option for a product of ours.
    const own = await call<Wire>(server, "POST", "/management/access-lists", theirs, {
      name: "Theirs",
      type: "MANUAL",
      status: "ACTIVE",
    });
    expect(await refused("GET", `/${own.body.id}/grants/${grant.id}`, undefined, theirs)).toEqual([
      403,
      "forbidden",
    ]);
    const { id: poId } = await server.deps.db.one<{ id: string }>(
      sql`select id from purchase_options where tenant_id = ${other.tenantId} limit 1`,
    );
    const crossed = grantTo("ours@example.com", { sku: "pro", poId });
    expect(await refused("POST", `/${list.id}/grants`, crossed)).toEqual([400, "unknown_purchase_option"]);
    const stranger = await signedInCustomer(server, other, { email: "stranger@example.com" });
    const byId = grantTo("stranger@example.com", { userId: stranger.userId });
    expect(await refused("POST", `/${list.id}/grants`, byId)).toEqual([400, "unknown_user"]);
  });
});

describe("a CSV file", () => {
  test("counts only once it is applied, and then the list is what it says", async () => {
    const list = await listOf("CSV_FILE");
    const stays = await reader("stays@example.com");
    const goes = await reader("goes@example.com");
    const first = await upload(
      list.id,
      "email,notes\nstays@example.com,a\ngoes@example.com,b\nalters@example.com,c\n",
    );
    expect(first.body).toMatchObject({
      state: "previewed",
      counts: { added: 3, changed: 0, removed: 0, unchanged: 0, errors: 0 },
    });
    expect(await rights(stays)).toEqual([]);
    const applied = await done<Upload>("POST", `/${list.id}/uploads/${first.body.id}/apply`);
    expect(applied.state).toBe("applied");
    expect(await rights(stays)).toHaveLength(1);

    const second = await upload(
      list.id,
      "email,notes\nstays@example.com,a\nalters@example.com,d\nnew@example.com,\n",
    );
    expect(second.body.counts).toEqual({ added: 1, changed: 1, removed: 1, unchanged: 1, errors: 0 });
    expect(second.body.samples.added).toMatchObject([{ email: "new@example.com", line: 4 }]);
    expect(second.body.samples.changed).toMatchObject([{ email: "alters@example.com" }]);
    expect(second.body.samples.removed).toMatchObject([{ email: "goes@example.com", line: null }]);
    expect(await rights(goes)).toHaveLength(1);
    await done("POST", `/${list.id}/uploads/${second.body.id}/apply`);
    expect(await rights(goes)).toEqual([]);
    expect(await rights(stays)).toHaveLength(1);
    // A second time changes nothing.
    await done("POST", `/${list.id}/uploads/${second.body.id}/apply`);
    const { count } = await server.deps.db.one<{ count: number }>(
      sql`select count(*) from access_grants where list_id = ${list.id}`,
    );
    expect(count).toBe(4);
    // Whoever comes back is the same grant, active again.
    const third = await upload(list.id, "email,notes\ngoes@example.com,b\n");
    expect(third.body.counts).toEqual({ added: 0, changed: 1, removed: 3, unchanged: 0, errors: 0 });
    await done("POST", `/${list.id}/uploads/${third.body.id}/apply`);
    expect(await rights(goes)).toHaveLength(1);
  });

  test("a preview that no longer tells the truth is refused, and so are a late one and one with errors", async () => {
    const list = await listOf("CSV_FILE");
    const preview = await upload(list.id, "email\na@example.com\n");
    await done("POST", `/${list.id}/grants`, grantTo("b@example.com"));
    const apply = `/${list.id}/uploads/${preview.body.id}/apply`;
    expect(await refused("POST", apply)).toEqual([409, "preview_outdated"]);

    const wrong = await upload(
      list.id,
      "email,sku\nnobody,daily\nc@example.com,nothing\nd@example.com,daily\nd@example.com,daily\n",
    );
    expect(wrong.body.counts.errors).toBe(3);
    expect(wrong.body.errors.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(await refused("POST", `/${list.id}/uploads/${wrong.body.id}/apply`)).toEqual([
      409,
      "csv_has_errors",
    ]);

    const late = await upload(list.id, "email\ne@example.com\n");
    await server.deps.db.execute(sql`
      update access_list_uploads set expires_at = ${server.clock.now()} where id = ${late.body.id}`);
    const lateApply = `/${list.id}/uploads/${late.body.id}/apply`;
    expect(await refused("POST", lateApply)).toEqual([409, "preview_expired"]);
    await server.settle();
    expect(await refused("POST", lateApply)).toEqual([404, "not_found"]);
    // A preview counts for its own list only.
    const elsewhere = await listOf("CSV_FILE");
    expect(await refused("POST", `/${elsewhere.id}/uploads/${preview.body.id}/apply`)).toEqual([
      404,
      "not_found",
    ]);
    expect((await upload((await listOf("MANUAL")).id, "email\n")).status).toBe(409);
  });

  test("is read as spreadsheets write it: quotes, separators, encodings and their marks, other columns, formulas", async () => {
    const list = await listOf("CSV_FILE");
    const content = '=cmd|"/c calc"!A1';
    const file = `E-post;First name;Postcode\r\n"åsa@example.com";"Å; sa";"=cmd|""/c calc""!A1"\r\n`;
    const query = `?sku=daily&columns=${encodeURIComponent('{"email":"E-post","zip":"Postcode"}')}`;
    const plain = file.replace("åsa@", "asa@");
    const variants: [string, Buffer, string][] = [
      ["UTF-8", Buffer.from(plain), "text/csv"],
      ["UTF-8 with its mark", Buffer.from(`\ufeff${plain}`), "text/csv"],
      ["UTF-16", Buffer.from(`\ufeff${plain}`, "utf16le"), "text/csv"],
      ["windows-1252", Buffer.from(plain, "latin1"), "text/csv; charset=windows-1252"],
    ];
    for (const [name, bytes, type] of variants) {
      const { status, body } = await upload(list.id, bytes, { query, type });
      expect([name, status, body.counts]).toEqual([
        name,
        201,
        { added: 1, changed: 0, removed: 0, unchanged: 0, errors: 0 },
      ]);
    }
    const last = await upload(list.id, plain, { query });
    await done("POST", `/${list.id}/uploads/${last.body.id}/apply`);
    const [grant] = await done<Wire[]>("GET", `/${list.id}/grants`);
    expect(grant).toMatchObject({
      email: "asa@example.com",
      firstName: "Å; sa",
      deliveryAddress: { zip: content },
    });
    // The other encoding said nothing, so the file is not what it seems.
    expect((await upload(list.id, Buffer.from(plain, "latin1"), { query })).body.error.details?.reason).toBe(
      "csv_refused",
    );
  });

  test("bombs are refused: too large, too many rows, columns or characters, a quote without end, binary, no header", async () => {
    const list = await listOf("CSV_FILE");
    const bombs: [string, string | Buffer, number][] = [
      ["too large", `email\n${"a".repeat(5_100_000)}`, 413],
      ["too many rows", `email\n${"a@b.co\n".repeat(20_001)}`, 400],
      ["too many columns", `email${",x".repeat(70)}\n`, 400],
      ["twice the same column", "email,email\na@example.com,b@example.com\n", 400],
      ["a cell too long", `email,notes\na@example.com,${"n".repeat(2001)}\n`, 400],
      ["a quote without end", `email\n"a@example.com\n${"b@example.com\n".repeat(20_000)}`, 400],
      ["quotes that go wrong", 'email\n"a"b"c@example.com\n', 400],
      [
        "compressed",
        Buffer.from("1f8b0800000000000003edc1010d000000c2a0f74f6d0e37a00000000000000000", "hex"),
        400,
      ],
      ["nothing", "", 400],
      ["no address", "name\nAda\n", 400],
    ];
    for (const [name, file, status] of bombs) {
      expect([name, (await upload(list.id, file)).status]).toEqual([name, status]);
    }
    expect(await done("GET", `/${list.id}/grants`)).toEqual([]);
  });
});

describe("a HOOK list", () => {
  const onboard = (who: SignedInCustomer, sku = "daily") =>
    server.post<Wire[]>(`/products/${sku}/auto-onboard`, undefined, who.headers);

  test("P-83: POST /products/{sku}/auto-onboard answers the entitlements that the publisher's system knows of", async () => {
    const list = await listOf("HOOK");
    const set = await done<Wire & { secret: string }>("PUT", `/${list.id}/hook`, {
      url: hook.url,
      sku: "daily",
      cacheSeconds: 600,
    });
    const who = await reader("member@example.com");
    hookSays = { status: 200, body: JSON.stringify({ access: true }) };
    const before = hook.received.length;
    const first = await onboard(who);
    expect([first.status, first.body]).toMatchObject([
      200,
      [{ sku: "daily", origin: { type: "EXTERNAL", listId: list.id } }],
    ]);
    const asked = hook.received[before];
    expect(JSON.parse(asked?.body ?? "")).toMatchObject({
      type: "access.check",
      email: "member@example.com",
      sku: "daily",
      userId: who.userId,
    });
    // Signed as webhooks are; the receiver's library compares with its own clock, hence the bare check.
    const signer = new Webhook(set.secret);
    const id = asked?.headers["webhook-id"] as string;
    const at = new Date(Number(asked?.headers["webhook-timestamp"]) * 1000);
    expect(asked?.headers["webhook-signature"]).toBe(signer.sign(id, at, asked?.body ?? ""));
    // The answer is used again, and so is the same entitlement; the secret is not shown again.
    expect((await onboard(who)).body.map((it) => it.id)).toEqual(first.body.map((it) => it.id));
    expect(hook.received).toHaveLength(before + 1);
    expect(await done("GET", `/${list.id}`)).not.toHaveProperty("hook.secret");

    // A no ends it as soon as the answer is stale; a failure gives nothing to anybody.
    server.clock.advance({ seconds: 601 });
    expect(await rights(who)).toEqual([]);
    hookSays = { status: 200, body: JSON.stringify({ access: false }) };
    expect((await onboard(who)).body).toEqual([]);
    await done("PATCH", `/${list.id}`, { status: "CANCELED" });
  });

  test("fails closed: no answer, a wrong one, one without end or a redirect gives nothing", async () => {
    const list = await listOf("HOOK");
    await done("PUT", `/${list.id}/hook`, { url: hook.url, sku: "daily" });
    const answers = [
      { status: 500, body: "" },
      { status: 200, body: "yes" },
      { status: 200, body: JSON.stringify({ access: "true" }) },
      { status: 302, body: JSON.stringify({ access: true }) },
      { status: 200, body: JSON.stringify({ access: true, filler: "x".repeat(20_000) }) },
    ];
    for (const answer of answers) {
      hookSays = answer;
      const who = await reader(`closed${answers.indexOf(answer)}@example.com`);
      expect((await onboard(who)).body, JSON.stringify(answer).slice(0, 80)).toEqual([]);
    }
    // Whoever has proved no address is not asked about.
    hookSays = { status: 200, body: JSON.stringify({ access: true }) };
    const asked = hook.received.length;
    expect((await onboard(await reader("unsure@example.com", { verified: false }))).body).toEqual([]);
    expect((await onboard(await reader(null))).body).toEqual([]);
    expect(hook.received).toHaveLength(asked);
    expect((await server.post("/products/daily/auto-onboard")).status).toBe(401);
    // Twenty tabs ask one question.
    const who = await reader("tabs@example.com");
    const all = await Promise.all(Array.from({ length: 20 }, () => onboard(who)));
    for (const { body } of all) expect(body).toHaveLength(1);
    expect(hook.received).toHaveLength(asked + 1);
    await done("PATCH", `/${list.id}`, { status: "CANCELED" });
  });

  test("never asks inside: private addresses are refused when they are written down, and when a name leads there", async () => {
    const list = await listOf("HOOK");
    for (const url of [
      "http://example.com/",
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://169.254.169.254/latest/meta-data",
      "https://0x7f.1/",
      "https://u:p@example.com/",
      "file:///etc/passwd",
    ]) {
      expect([url, ...(await refused("PUT", `/${list.id}/hook`, { url, sku: "daily" }))]).toEqual([
        url,
        400,
        "hook_url_refused",
      ]);
    }
    const inside = { url: `https://localhost:${new URL(hook.origin).port}/`, sku: "daily" };
    await done("PUT", `/${list.id}/hook`, inside);
    const asked = hook.received.length;
    expect(await done("POST", `/${list.id}/hook/check`, { email: "a@example.com" })).toEqual({
      outcome: "failed",
    });
    expect(hook.received).toHaveLength(asked);
    // Control: the same server answers at the origin that the operator allows.
    hookSays = { status: 200, body: JSON.stringify({ access: true }) };
    await done("PUT", `/${list.id}/hook`, { ...inside, url: hook.url });
    expect(await done("POST", `/${list.id}/hook/check`, { email: "a@example.com" })).toEqual({
      outcome: "yes",
    });
    expect(await refused("PUT", `/${(await listOf("MANUAL")).id}/hook`, inside)).toEqual([
      409,
      "access_list_type",
    ]);
    await done("PATCH", `/${list.id}`, { status: "CANCELED" });
  });
});

describe("a CLAIMED list", () => {
  const claim = (who: SignedInCustomer, code: string) =>
    server.post<Wire[] & Refusal>("/claims", { code }, who.headers);
  const codesOf = async (listId: string, terms: object = {}) =>
    done<{ id: string; code: string }[]>("POST", `/${listId}/codes`, { sku: "archive", ...terms });

  test("a code is claimed once, by whoever is first, however many try at the same moment", async () => {
    const list = await listOf("CLAIMED");
    const [made] = await codesOf(list.id, { days: 30 });
    const readers = await Promise.all(Array.from({ length: 12 }, (_, i) => reader(`racer${i}@example.com`)));
    const answers = await Promise.all(readers.map((who) => claim(who, made?.code ?? "")));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(11);
    const winner = readers[answers.findIndex(({ status }) => status === 200)] as SignedInCustomer;
    const [right] = (await claim(winner, made?.code ?? "")).body;
    const until = new Date(server.clock.now().getTime() + 30 * 86_400_000).toISOString();
    expect(right).toMatchObject({ sku: "archive", expiresAt: until, origin: { listId: list.id } });
    const [shown] = await done<Wire[]>("GET", `/${list.id}/codes`);
    expect(shown).toMatchObject({ claims: 1, maxClaims: 1, last4: made?.code.slice(-4) });
    expect(JSON.stringify(shown)).not.toContain(made?.code.slice(0, 9));
  });

  test("a reader's own burst of claims is one claim, also of a code for several", async () => {
    const list = await listOf("CLAIMED");
    const [made] = await codesOf(list.id, { maxClaims: 2 });
    const who = await reader("burst@example.com");
    const spelled = (made?.code ?? "").toLowerCase().replaceAll("-", " ");
    const answers = await Promise.all(Array.from({ length: 8 }, () => claim(who, spelled)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body[0]?.id}`)).size).toBe(1);
    expect((await claim(await reader("second@example.com"), made?.code ?? "")).status).toBe(200);
    expect((await claim(await reader("third@example.com"), made?.code ?? "")).status).toBe(409);
  });

  test("a code that is unknown, revoked, late, another vendor's or of a list at rest looks the same to all", async () => {
    const list = await listOf("CLAIMED");
    const resting = await listOf("CLAIMED", "DRAFT");
    const [revoked] = await codesOf(list.id);
    const [late] = await codesOf(list.id, { expiresAt: server.clock.now().toISOString() });
    const [asleep] = await codesOf(resting.id);
    const [good] = await codesOf(list.id, { endsAt: "2040-01-01T00:00:00.000Z" });
    expect((await send("DELETE", `/${list.id}/codes/${revoked?.id}`)).status).toBe(204);
    const who = await reader("guesser@example.com");
    const foreign = await signedInCustomer(server, other, { email: "foreign@example.com" });
    const attempts: [SignedInCustomer, string | undefined][] = [
      [who, "AAAA-BBBB-CCCC-DDDD"],
      [who, revoked?.code],
      [who, late?.code],
      [who, asleep?.code],
      [foreign, good?.code],
    ];
    for (const [someone, code] of attempts) {
      const { status, body } = await claim(someone, code ?? "");
      expect([status, body.error.details?.reason]).toEqual([404, "claim_code_unknown"]);
    }
    // Nobody claims without an address that they have proved.
    const unsure = await claim(await reader("unsure2@example.com", { verified: false }), good?.code ?? "");
    expect([unsure.status, unsure.body.error.details?.reason]).toEqual([403, "email_not_verified"]);
    expect((await server.post("/claims", { code: good?.code })).status).toBe(401);
    expect((await claim(who, good?.code ?? "")).status).toBe(200);
  });
});
