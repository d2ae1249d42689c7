import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  createSafeFetch,
  mayConnectTo,
  OutboundRefused,
  refusalIn,
  refusalOf,
  type StreamResponse,
} from "./index.ts";

const LIMITS = { method: "POST", body: "{}", timeoutMs: 2000, maxResponseBytes: 1000 } as const;

async function listen(handler: RequestListener) {
  let connections = 0;
  const server = createServer(handler).on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A resolver that answers with each list in turn, then with the last one for ever. */
function resolving(...answers: string[][]): LookupFunction & { calls: number } {
  const lookup = ((_host, options, callback) => {
    const addresses = answers[Math.min(fake.calls, answers.length - 1)] as string[];
    fake.calls += 1;
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family);
  }) as LookupFunction;
  const fake = Object.assign(lookup, { calls: 0 });
  return fake;
}

describe("which addresses are public", () => {
  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "not-an-address",
    "",
  ])("%s is refused", (address) => expect(mayConnectTo(address)).toBe(false));

  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1111",
  ])("%s is public", (address) => expect(mayConnectTo(address)).toBe(true));
});

describe("which URLs may be written down", () => {
  test.each([
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "https://user:pw@example.com/",
    "nonsense",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://169.254.169.254/latest/meta-data",
  ])("%s is refused", (url) => expect(refusalOf(url, [])).toBeTypeOf("string"));

  test("an https address with a name is accepted, and an allowed origin exactly as it is written", () => {
    expect(refusalOf("https://example.com/hook?a=1", [])).toBeNull();
    expect(refusalOf("http://10.0.0.5:8080/hook", ["http://10.0.0.5:8080"])).toBeNull();
    expect(refusalOf("http://10.0.0.5:8081/hook", ["http://10.0.0.5:8080"])).not.toBeNull();
    expect(refusalOf("https://10.0.0.5:8080/hook", ["http://10.0.0.5:8080"])).not.toBeNull();
    expect(refusalOf("http://u:p@10.0.0.5:8080/hook", ["http://10.0.0.5:8080"])).not.toBeNull();
  });
});

describe("sending", () => {
  test("a name that resolves to a private address is refused without a connection", async () => {
    await using target = await listen((_, response) => response.end("secret"));
    for (const addresses of [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"], []]) {
      const client = createSafeFetch({ allowedOrigins: [], lookup: resolving(addresses) });
      const sent = client.send({ ...LIMITS, url: `https://hooks.example.com:${target.port}/` });
      await expect(sent).rejects.toBeInstanceOf(OutboundRefused);
      await client.close();
    }
    expect(target.connections()).toBe(0);
    // Control: the same server answers when the operator allows its origin.
    const client = createSafeFetch({ allowedOrigins: [target.origin] });
    expect((await client.send({ ...LIMITS, url: `${target.origin}/` })).body.toString()).toBe("secret");
    await client.close();
  });

  test("a name that turns private after an earlier look is refused when it is connected to", async () => {
    await using target = await listen((_, response) => response.end("secret"));
    const lookup = resolving(["192.0.9.1"], ["127.0.0.1"]);
    // The first look, as a check before use would do it, sees a public address.
    await new Promise((resolve) => lookup("hooks.example.com", { all: true }, resolve));
    const client = createSafeFetch({ allowedOrigins: [], lookup });
    const sent = client.send({ ...LIMITS, url: `https://hooks.example.com:${target.port}/` });
    await expect(sent).rejects.toBeInstanceOf(OutboundRefused);
    expect(lookup.calls).toBe(2);
    expect(target.connections()).toBe(0);
    await client.close();
  });

  test("a redirect is returned, not followed", async () => {
    await using inside = await listen((_, response) => response.end("secret"));
    await using target = await listen((_, response) =>
      response.writeHead(302, { location: inside.origin }).end(),
    );
    const client = createSafeFetch({ allowedOrigins: [target.origin, inside.origin] });
    expect((await client.send({ ...LIMITS, url: target.origin })).status).toBe(302);
    expect(inside.connections()).toBe(0);
    await client.close();
  });

  test("the time limit covers an answer that never ends, and one that never begins", async () => {
    await using slow = await listen((request, response) => {
      if (request.url === "/body") response.writeHead(200).write("a");
    });
    const client = createSafeFetch({ allowedOrigins: [slow.origin] });
    for (const path of ["/headers", "/body"]) {
      const sent = client.send({ ...LIMITS, timeoutMs: 150, url: slow.origin + path });
      await expect(sent).rejects.toMatchObject({ name: "TimeoutError" });
    }
    await client.close();
  });

  test("an answer without end is cut at the limit and its connection is given up", async () => {
    let closed = false;
    await using endless = await listen((_, response) => {
      const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
      response.on("close", () => {
        closed = true;
        clearInterval(timer);
      });
    });
    const client = createSafeFetch({ allowedOrigins: [endless.origin] });
    const { body } = await client.send({ ...LIMITS, url: endless.origin });
    expect(body.byteLength).toBe(1000);
    await expect.poll(() => closed).toBe(true);
    await client.close();
  });
});

describe("an answer as it arrives", () => {
  const STREAM = { timeoutMs: 5000, maxResponseBytes: 1000 };
  const textOf = async ({ body }: StreamResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  test("its first part is there before its last one is sent", async () => {
    let finish = () => {};
    await using target = await listen((_, response) => {
      response.write("one ");
      finish = () => response.end("two");
    });
    const client = createSafeFetch({ allowedOrigins: [], allowLoopback: true });
    const { body } = await client.stream({ ...STREAM, url: target.origin });
    const seen: string[] = [];
    for await (const chunk of body) {
      seen.push(chunk.toString());
      finish();
    }
    expect(seen.join("")).toBe("one two");
    await client.close();
  });

  test("compression is undone in every form that we ask for, and what is in none of them is an error", async () => {
    const forms: Record<string, Buffer> = {
      gzip: gzipSync("hello"),
      deflate: deflateSync("hello"),
      br: brotliCompressSync("hello"),
      identity: Buffer.from("hello"),
    };
    await using target = await listen((request, response) => {
      const name = request.url?.slice(1) ?? "";
      response.writeHead(200, { "content-encoding": name === "broken" ? "gzip" : name });
      response.end(forms[name] ?? "hello");
    });
    const client = createSafeFetch({ allowedOrigins: [target.origin] });
    for (const form of Object.keys(forms)) {
      expect(await textOf(await client.stream({ ...STREAM, url: `${target.origin}/${form}` })), form).toBe(
        "hello",
      );
    }
    for (const form of ["zstd", "broken", "gzip,%20gzip"]) {
      const answer = await client.stream({ ...STREAM, url: `${target.origin}/${form}` });
      await expect(textOf(answer), form).rejects.toMatchObject({ code: "bad_encoding" });
    }
    await client.close();
  });

  test("a compressed bomb ends at the limit of what it unpacks to, and its connection is given up", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    let closed = false;
    await using target = await listen((_, response) => {
      response.on("close", () => {
        closed = true;
      });
      response
        .writeHead(200, { "content-encoding": "gzip", "content-length": String(bomb.length + 1) })
        .write(bomb);
    });
    const client = createSafeFetch({ allowedOrigins: [target.origin] });
    const answer = await client.stream({ ...STREAM, maxResponseBytes: 100_000, url: target.origin });
    let seen = 0;
    const read = async () => {
      for await (const chunk of answer.body) seen += chunk.byteLength;
    };
    await expect(read()).rejects.toMatchObject({ code: "too_large" });
    expect(seen).toBeLessThanOrEqual(100_000);
    await expect.poll(() => closed).toBe(true);
    await client.close();
  });

  test("a redirect is followed only with the caller's leave, and never to a private address", async () => {
    await using inside = await listen((_, response) => response.end("secret"));
    await using target = await listen((request, response) => {
      if (request.url === "/here") response.end(`seen ${request.headers["x-proof"]}`);
      else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      else if (request.url === "/odd") response.writeHead(302, { location: "http://[" }).end();
      else response.writeHead(301, { location: request.url === "/in" ? inside.origin : "/here" }).end();
    });
    const client = createSafeFetch({ allowedOrigins: [target.origin] });
    const go = (path: string, follow?: (next: URL) => Record<string, string> | null) =>
      client.stream({ ...STREAM, url: target.origin + path, ...(follow && { follow }) });
    expect((await go("/")).status).toBe(301);
    const followed = await go("/", () => ({ "x-proof": "p" }));
    expect([followed.url, await textOf(followed)]).toEqual([`${target.origin}/here`, "seen p"]);
    await expect(go("/", () => null)).rejects.toMatchObject({ code: "bad_redirect" });
    await expect(go("/odd", () => ({}))).rejects.toMatchObject({ code: "bad_redirect" });
    await expect(go("/loop", () => ({}))).rejects.toMatchObject({ code: "too_many_redirects" });
    const refused = await go("/in", () => ({})).catch((error: unknown) => refusalIn(error));
    expect(refused).toBeInstanceOf(OutboundRefused);
    expect(inside.connections()).toBe(0);
    await client.close();
  });

  test("it ends when its time is over, and when whoever asked has gone", async () => {
    await using slow = await listen((_, response) => void response.write("a"));
    const client = createSafeFetch({ allowedOrigins: [slow.origin] });
    const gone = new AbortController();
    const late = await client.stream({ ...STREAM, timeoutMs: 150, url: slow.origin });
    await expect(textOf(late)).rejects.toMatchObject({ name: "TimeoutError" });
    const left = await client.stream({ ...STREAM, signal: gone.signal, url: slow.origin });
    gone.abort();
    await expect(textOf(left)).rejects.toMatchObject({ name: "AbortError" });
    await client.close();
  });

  test("leave for this machine is leave for this machine alone", async () => {
    const client = createSafeFetch({ allowedOrigins: [], allowLoopback: true });
    for (const url of [
      "http://10.0.0.1/",
      "http://localhost.example.com/",
      "https://169.254.169.254/",
      "http://127.0.0.1.example.com/",
    ]) {
      const sent = client.stream({ ...STREAM, url });
      await expect(sent, url).rejects.toBeInstanceOf(OutboundRefused);
    }
    await client.close();
  });
});
