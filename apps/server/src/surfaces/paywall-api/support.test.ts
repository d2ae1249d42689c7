import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/kit.ts";
import { createShop, type Shop } from "../../../test/shop.ts";
import { findOrCreateCustomer, issueSession } from "../../domains/identity/index.ts";
import { listAttachments } from "../../domains/support/index.ts";
import { sql } from "../../platform/database/index.ts";

const MIB_5 = 5 * 1024 * 1024;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==",
  "base64",
);
const GIF = Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "base64");

let server: TestServer;
let shop: Shop;
let people = 0;
let guest = "";

beforeAll(async () => {
  server = await startTestServer();
  shop = await createShop(server);
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  people += 1;
  guest = `guest${people}@example.com`;
});

type Answer = { ticket?: { id: number; status: string }; code?: string; error?: string; message?: string };
const ticket = (fields: Record<string, unknown> = {}) => ({
  subject: "Cannot sign in",
  content: "The code never arrives.",
  customer_email: guest,
  ...fields,
});
const send = (fields: Record<string, unknown> = {}, headers: Record<string, string> = {}, from?: string) =>
  server.post<Answer>(shop.api("support/ticket"), ticket(fields), headers, from);

async function sendForm(fields: Record<string, string>, files: [Buffer, string, string][] = []) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [bytes, name, type] of files)
    form.append("files", new Blob([new Uint8Array(bytes)], { type }), name);
  // Ready bytes: a stream that the server stops reading would complain in the background.
  const encoded = new Response(form);
  const response = await server.fetch(shop.api("support/ticket"), {
    method: "POST",
    body: await encoded.arrayBuffer(),
    headers: { "content-type": encoded.headers.get("content-type") ?? "" },
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

const count = async (): Promise<number> =>
  (await server.deps.db.one<{ n: number }>(sql`select count(*) n from tickets`)).n;

async function signIn(email: string) {
  return server.deps.db.transaction(async (tx) => {
    const { customer } = await findOrCreateCustomer(tx, server.deps, {
      tenantId: shop.tenantId,
      email,
      now: server.clock.now(),
    });
    const session = await issueSession(tx, server.deps, {
      customer,
      paywallId: shop.paywallId,
      method: "otp",
    });
    return { customer, headers: { authorization: `Bearer ${session.accessToken}` } };
  });
}

describe("who asks", () => {
  test("#118 #122 a guest's JSON ticket is opened and its id is a number", async () => {
    const { status, body } = await send();
    expect(status).toBe(200);
    expect(body).toEqual({ ticket: { id: expect.any(Number), status: "open" } });
    const rows = await server.deps.db.query(sql`
      select t.email, t.subject, t.customer_id "customerId", m.body from tickets t
      join ticket_messages m on m.ticket_id = t.id where t.num = ${body.ticket?.id}`);
    expect(rows).toEqual([
      { email: guest, subject: "Cannot sign in", customerId: null, body: "The code never arrives." },
    ]);
  });

  test("#118 a multipart ticket is opened on the same path, with repeated parts named files", async () => {
    const { status, body } = await sendForm(ticket() as Record<string, string>, [
      [PNG, "../../a<b>.png", "image/png"],
      [PNG, "second.png", "application/octet-stream"],
    ]);
    expect([status, body.ticket?.status]).toEqual([200, "open"]);
    const { id } = await server.deps.db.one<{ id: string }>(
      sql`select id from tickets where num = ${body.ticket?.id}`,
    );
    const files = await listAttachments(server.deps.db, shop.tenantId, id);
    expect(files.map(({ name, mime }) => [name, mime])).toEqual([
      ["a_b_.png", "image/png"],
      ["second.png", "image/png"],
    ]);
    expect(files[0]?.content.equals(PNG)).toBe(true);
  });

  test("#119 a guest without customer_email is refused, in either encoding", async () => {
    for (const customer_email of [null, undefined, "", "  "]) {
      expect((await send({ customer_email })).body).toMatchObject({
        code: "email_required",
        error: "email_required",
      });
    }
    const { subject, content } = ticket();
    expect((await sendForm({ subject, content })).body.code).toBe("email_required");
    expect((await sendForm({ subject, content, customer_email: "" })).status).toBe(400);
  });

  test("#119 a Bearer's e-mail replaces customer_email, however that looks", async () => {
    const { customer, headers } = await signIn(`ada${people}@example.com`);
    const first = await send({ customer_email: "someone.else@example.com" }, headers);
    const second = await send({ customer_email: "not an address", subject: "Another" }, headers);
    expect([first.status, second.status]).toEqual([200, 200]);
    const rows = await server.deps.db.query(sql`
      select distinct email, customer_id "customerId" from tickets
      where num in (${first.body.ticket?.id}, ${second.body.ticket?.id})`);
    expect(rows).toEqual([{ email: customer.email, customerId: customer.id }]);
    const links = await server.deps.db.query(sql`
      select 1 from paywall_links where customer_id = ${customer.id} and paywall_id = ${shop.paywallId}`);
    expect(links).toHaveLength(1);
  });

  test("an anonymous Bearer is a guest: the address comes from the request", async () => {
    const anonymous = await server.post<{ access_token: string }>(shop.api("auth/anonymous/signin"), {});
    // A paywall may not allow anonymous sign-in; then a customer without an address is made by hand.
    const { headers, customer } = await signIn(`anon${people}@example.com`);
    await server.deps.db.execute(
      sql`update customers set email = null, anonymous = true where id = ${customer.id}`,
    );
    expect(anonymous.status).toBeGreaterThan(0);
    expect((await send({ customer_email: null }, headers)).body.code).toBe("email_required");
    const { body } = await send({}, headers);
    const row = await server.deps.db.one(sql`
      select email, customer_id "customerId" from tickets where num = ${body.ticket?.id}`);
    expect(row).toEqual({ email: guest, customerId: null });
  });

  test("an invalid Bearer is refused before anything happens", async () => {
    const before = await count();
    const { status, body } = await send({}, { authorization: "Bearer nonsense" });
    expect([status, body.code]).toEqual([401, "invalid_token"]);
    expect(await count()).toBe(before);
  });

  test("a merchant's key is accepted, a wrong one is not", async () => {
    expect((await send({}, { "x-api-key": shop.secretKey })).status).toBe(200);
    expect((await send({}, { "x-api-key": "sk_test_wrong" })).status).toBe(401);
    const other = await createShop(server);
    expect((await send({}, { "x-api-key": other.secretKey })).status).toBe(403);
  });

  test("an unknown paywall is 404", async () => {
    expect((await server.post("/api/v1/paywall/999999/support/ticket", ticket())).status).toBe(404);
  });
});

describe("what is asked", () => {
  test("#121 lengths are kept: subject 3 to 200, content 1 to 5000", async () => {
    const before = await count();
    for (const subject of ["ab", "a".repeat(201), "   ", "", undefined, 7, "\u{1F600}a"]) {
      expect([subject, (await send({ subject })).body.code]).toEqual([subject, "subject_length"]);
    }
    for (const content of ["", "a".repeat(5001), undefined, null, {}]) {
      expect([content, (await send({ content })).body.code]).toEqual([content, "content_length"]);
    }
    expect(await count()).toBe(before);
    const accepted = [
      { subject: "abc", content: "a" },
      { subject: "a".repeat(200), content: "a".repeat(5000) },
    ];
    for (const fields of accepted) expect((await send(fields)).status).toBe(200);
  });

  test("#120 a file of exactly 5 MiB passes and one byte more does not", async () => {
    const exact = Buffer.concat([PNG, Buffer.alloc(MIB_5 - PNG.length)]);
    expect(exact).toHaveLength(MIB_5);
    expect((await sendForm(ticket() as Record<string, string>, [[exact, "a.png", "image/png"]])).status).toBe(
      200,
    );
    const more = Buffer.concat([exact, Buffer.alloc(1)]);
    const { status, body } = await sendForm(ticket() as Record<string, string>, [
      [more, "a.png", "image/png"],
    ]);
    expect([status, body.code]).toEqual([400, "invalid_file"]);
  });

  test("#120 a GIF is refused whatever it calls itself, and five pictures pass where six do not", async () => {
    const before = await count();
    const fields = ticket() as Record<string, string>;
    for (const [name, type] of [
      ["a.gif", "image/gif"],
      ["a.png", "image/png"],
    ] as const) {
      expect((await sendForm(fields, [[GIF, name, type]])).body.code).toBe("invalid_file");
    }
    expect((await sendForm(fields, [[Buffer.alloc(0), "empty.png", "image/png"]])).body.code).toBe(
      "invalid_file",
    );
    const six = Array.from({ length: 6 }, (): [Buffer, string, string] => [PNG, "a.png", "image/png"]);
    expect((await sendForm(fields, six)).body.code).toBe("too_many_files");
    expect(await count()).toBe(before);
    expect((await sendForm(fields, six.slice(1))).status).toBe(200);
  });

  test("#120 six files of 5 MiB are too many, and a body beyond every limit is cut off", async () => {
    const large = Buffer.concat([PNG, Buffer.alloc(MIB_5 - PNG.length)]);
    const files = (n: number) =>
      Array.from({ length: n }, (): [Buffer, string, string] => [large, "a.png", "image/png"]);
    expect((await sendForm(ticket() as Record<string, string>, files(6))).body.code).toBe("too_many_files");
    expect((await sendForm(ticket() as Record<string, string>, files(7))).status).toBe(413);
  });

  test("malformed bodies are refused and change nothing", async () => {
    const before = await count();
    const post = (body: string, type: string) =>
      server.fetch(shop.api("support/ticket"), { method: "POST", body, headers: { "content-type": type } });
    for (const [body, type] of [
      ["{", "application/json"],
      ["[]", "application/json"],
      ["null", "application/json"],
      ['{"subject":"a\\u0000bc","content":"x","customer_email":"a@example.com"}', "application/json"],
      ["nonsense", "multipart/form-data; boundary=x"],
      ["nonsense", "multipart/form-data"],
      [
        '--x\r\ncontent-disposition: form-data; name="subject"\r\n\r\na\0bc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
      ],
      [
        '--x\r\ncontent-disposition: form-data; name="files"\r\n\r\ntext\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
      ],
    ] as const) {
      const response = await post(body, type);
      expect([body, response.status, ((await response.json()) as Answer).code]).toEqual([
        body,
        400,
        "invalid_payload",
      ]);
    }
    expect((await send({ subject: "half \ud800 pair", content: "\udc00" })).status).toBe(200);
    expect(await count()).toBe(before + 1);
  });

  test("pictures are stored without camera, place and comments, and otherwise as they came", async () => {
    const segment = (marker: number, data: string) => {
      const head = Buffer.from([0xff, marker, 0, 0]);
      head.writeUInt16BE(data.length + 2, 2);
      return Buffer.concat([head, Buffer.from(data)]);
    };
    const scan = Buffer.concat([segment(0xda, "scan"), Buffer.from("pixels"), Buffer.from([0xff, 0xd9])]);
    const soi = Buffer.from([0xff, 0xd8]);
    const jfif = segment(0xe0, "JFIF\0");
    const icc = segment(0xe2, "ICC_PROFILE\0");
    const jpeg = Buffer.concat([
      soi,
      jfif,
      segment(0xe1, "Exif\0\0GPS 52.5 N"),
      icc,
      segment(0xfe, "by Ada"),
      scan,
    ]);

    const chunk = (type: string, data: string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(data.length);
      return Buffer.concat([length, Buffer.from(type + data), Buffer.alloc(4)]);
    };
    const png = Buffer.concat([
      PNG.subarray(0, 33),
      chunk("eXIf", "GPS"),
      chunk("tEXt", "by Ada"),
      PNG.subarray(33),
    ]);

    const riff = (type: string, data: string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(data.length);
      return Buffer.concat([Buffer.from(type), length, Buffer.from(data), Buffer.alloc(data.length % 2)]);
    };
    const webp = (...chunks: Buffer[]) => {
      const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(body.length);
      return Buffer.concat([Buffer.from("RIFF"), length, body]);
    };
    const pixels = riff("VP8 ", "pixels");
    const files: [Buffer, string, string][] = [
      [jpeg, "a.jpg", "image/jpeg"],
      [png, "b.png", "image/png"],
      [
        webp(riff("VP8X", "\x0c        "), pixels, riff("EXIF", "GPS"), riff("XMP ", "Ada")),
        "c.webp",
        "image/webp",
      ],
    ];
    const { body } = await sendForm(ticket() as Record<string, string>, files);
    const { id } = await server.deps.db.one<{ id: string }>(
      sql`select id from tickets where num = ${body.ticket?.id}`,
    );
    const stored = (await listAttachments(server.deps.db, shop.tenantId, id)).map(({ content }) => content);
    expect(stored).toEqual([
      Buffer.concat([soi, jfif, icc, scan]),
      PNG,
      webp(riff("VP8X", "\0        "), pixels),
    ]);
  });
});

describe("how often", () => {
  test("#45 the third ticket of an address within 24 hours is refused, and one after that is not", async () => {
    expect((await send({ subject: "first" })).status).toBe(200);
    server.clock.advance({ hours: 1 });
    expect((await send({ subject: "second", customer_email: guest.toUpperCase() })).status).toBe(200);
    server.clock.advance({ hours: 22 });
    const third = await send({ subject: "third" });
    expect([third.status, third.body.code]).toEqual([429, "rate_limit_exceeded"]);
    expect(third.headers.get("retry-after")).toBe("3600");
    expect(third.body.message).toMatch(/2 requests per day/);
    server.clock.advance({ hours: 1 });
    expect((await send({ subject: "third" })).status).toBe(200);
  });

  test("#45 tickets sent at the same moment are counted, too", async () => {
    const sent = await Promise.all([1, 2, 3, 4, 5].map((n) => send({ subject: `burst ${n}` })));
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
  });

  test("#34 an identical ticket within 60 seconds is the same ticket, also while the first is being written", async () => {
    const before = await count();
    const sent = await Promise.all([send(), send(), send()]);
    expect(new Set(sent.map(({ body }) => body.ticket?.id)).size).toBe(1);
    server.clock.advance({ seconds: 59 });
    expect((await send()).body.ticket?.id).toBe(sent[0]?.body.ticket?.id);
    expect(await count()).toBe(before + 1);
    // Control: it was the time that made them one.
    server.clock.advance({ seconds: 2 });
    expect((await send()).body.ticket?.id).not.toBe(sent[0]?.body.ticket?.id);
  });

  test("guests of one client address cannot flood the merchant under ever new names", async () => {
    const from = "198.51.100.77";
    const statuses: number[] = [];
    for (let i = 0; i < 61; i += 1) {
      statuses.push((await send({ customer_email: `flood${i}@example.com` }, {}, from)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    expect(statuses.at(-1)).toBe(429);
  });
});

test("the sender gets a number without their words, and the merchant gets everything", async () => {
  await send({ subject: "Buy <b>now</b>", content: "http://evil.example" });
  const mails = await server.deps.db.query<{
    recipient: string;
    subject: string;
    text: string;
    html: string;
  }>(sql`
    select recipient, subject, text, html from mails order by id desc limit 2`);
  const sender = mails.find(({ recipient }) => recipient === guest);
  const merchant = mails.find(({ recipient }) => recipient.startsWith("help@"));
  expect(JSON.stringify(sender)).not.toMatch(/evil|now/);
  expect(sender?.text).toMatch(/#\d+/);
  expect(merchant?.text).toContain("http://evil.example");
  expect(merchant?.html).not.toContain("<b>now");
  const events = await server.deps.db.query(
    sql`select type from events where type = 'ticket.created' limit 1`,
  );
  expect(events).toHaveLength(1);
});
