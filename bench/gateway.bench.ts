// The AI gateway against a direct call and, where they are installed, nginx and `@portkey-ai/gateway`, all in front of the
// same streaming upstream on one machine: what each adds to the first byte and to every chunk, the CPU of 1,000 streams,
// and 2,000 streams at once. Only Tollgate knows customers and charges them; the others pass bytes on.
//
//   npm install --no-save @portkey-ai/gateway    to compare with it; or BENCH_MODULES=<a folder it is installed in>
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayDemo, openBooks } from "../e2e/gateway-demo.ts";
import { ServerProcess } from "../e2e/server-process.ts";
import { residentMegabytes, startPeer, verdict } from "./kit.ts";

const ROUNDS = 3;
const HELD = 2000;
const HELD_SECONDS = 15;

type Way = { name: string; url: string; headers: Record<string, string>; pids: () => number[] };
type Seen = { status: number; firstByteMs: number; delaysMs: number[]; events: number };

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const nowMicros = () => Number(process.hrtime.bigint() / 1000n);
const STAMP = /"content":"(\d+)"/g;

/** One stream, read to its end; `onEvent` hears of every chunk. */
function stream(way: Way, shape: { events: number; pauseMs: number }, onEvent = () => {}): Promise<Seen> {
  const body = JSON.stringify({
    model: "m",
    stream: true,
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: shape.events,
    seed: shape.pauseMs,
  });
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const seen: Seen = { status: 0, firstByteMs: 0, delaysMs: [], events: 0 };
    const call = request(
      way.url,
      { method: "POST", agent, headers: { "content-type": "application/json", ...way.headers } },
      (response) => {
        seen.status = response.statusCode ?? 0;
        response.on("data", (chunk: Buffer) => {
          if (seen.events === 0) seen.firstByteMs = performance.now() - started;
          const now = nowMicros();
          for (const [, stamp] of chunk.toString().matchAll(STAMP)) {
            seen.events += 1;
            seen.delaysMs.push((now - Number(stamp)) / 1000);
            onEvent();
          }
        });
        response.once("end", () => {
          if (seen.status === 200 && seen.events === shape.events) resolve(seen);
          else reject(new Error(`${way.name} answered ${seen.status} and ${seen.events} events`));
        });
        response.once("error", reject);
      },
    );
    call.once("error", reject);
    call.end(body);
  });
}

const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** So many streams with so many at a time. */
async function streams(
  way: Way,
  load: { count: number; together: number; events: number; pauseMs: number },
): Promise<Seen[]> {
  const all: Seen[] = [];
  let left = load.count;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      all.push(await stream(way, load));
    }
  };
  await Promise.all(Array.from({ length: load.together }, one));
  return all;
}

/** Processor milliseconds of these processes and of all that they started. */
function cpuMs(pids: number[]): number {
  const parents = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1)!.split(" ");
      // Its own time and that of its children who are gone.
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      parents.set(Number(name), { parent: Number(fields[1]), ticks });
    } catch {
      // It ended meanwhile.
    }
  }
  const belongs = (pid: number): boolean =>
    pids.includes(pid) || (parents.has(pid) && pid > 1 && belongs(parents.get(pid)!.parent));
  let ticks = 0;
  for (const [pid, it] of parents) if (belongs(pid)) ticks += it.ticks;
  return ticks * 10;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const started: ChildProcess[] = [];
const work = mkdtempSync(join(tmpdir(), "tollgate-gateway-bench-"));

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.text().then(() => true),
      () => false,
    );
    if (answered) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${port}`);
}

async function nginx(upstream: string): Promise<Way | null> {
  if (spawnSync("nginx", ["-v"]).error) return null;
  const port = await freePort();
  const conf = join(work, "nginx.conf");
  writeFileSync(
    conf,
    `daemon off; worker_processes 1; pid ${work}/nginx.pid; error_log ${work}/error.log;
events { worker_connections 8192; }
http { access_log off; client_body_temp_path ${work}/body; proxy_temp_path ${work}/proxy; fastcgi_temp_path ${work}/f;
  uwsgi_temp_path ${work}/u; scgi_temp_path ${work}/s;
  upstream model { server ${new URL(upstream).host}; keepalive 256; }
  server { listen 127.0.0.1:${port}; location /v1/ { proxy_pass http://model; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_buffering off; } } }`,
  );
  const child = spawn("nginx", ["-c", conf, "-e", join(work, "error.log")], { stdio: "ignore" });
  started.push(child);
  await listening(port);
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  return { name: "nginx", url, headers: {}, pids: () => [child.pid!] };
}

/** On current Node it fails to write to the headers of what `fetch` gave it; this gives it a copy that it may write to. */
const WRITABLE_HEADERS = `data:text/javascript,${encodeURIComponent(`const asked = globalThis.fetch;
globalThis.fetch = async (...call) => {
  const it = await asked(...call);
  return new Response(it.body, { status: it.status, headers: new Headers(it.headers) });
};`)}`;

async function portkey(upstream: string): Promise<Way | null> {
  let path: string;
  try {
    const paths = [process.cwd(), process.env.BENCH_MODULES ?? ""].filter(Boolean);
    path = createRequire(import.meta.url).resolve("@portkey-ai/gateway/build/start-server.js", { paths });
  } catch {
    return null;
  }
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["--import", WRITABLE_HEADERS, path, `--port=${port}`, "--headless"],
    {
      stdio: "ignore",
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  started.push(child);
  await listening(port);
  const headers = {
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": upstream,
    authorization: "Bearer sk-none",
  };
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  return { name: "portkey", url, headers, pids: () => [child.pid!] };
}

type Figures = { firstByteMs: number; chunkMs: number; cpuMs: number };

async function figuresOf(way: Way): Promise<Figures> {
  const first = await streams(way, { count: 60, together: 1, events: 1, pauseMs: 0 });
  const chunks = await streams(way, { count: 20, together: 20, events: 50, pauseMs: 20 });
  const before = cpuMs(way.pids());
  await streams(way, { count: 1000, together: 100, events: 20, pauseMs: 10 });
  return {
    firstByteMs: middle(first.map((it) => it.firstByteMs)),
    chunkMs: middle(chunks.flatMap(({ delaysMs }) => delaysMs)),
    cpuMs: cpuMs(way.pids()) - before,
  };
}

/** Opens the streams some at a time and holds them all; how many were heard from in every part of the time, and memory. */
async function hold(ways: Way[], pid: number) {
  const heard = new Array<number>(HELD).fill(0);
  const pauseMs = 1000;
  // Long enough for the slowest opening; whoever is left over is cut off at the end.
  const shape = { events: 100_000, pauseMs };
  for (let index = 0; index < HELD; index += 1) {
    void stream(ways[index % ways.length]!, shape, () => {
      heard[index]! += 1;
    }).catch(() => {});
    if (index % 50 === 49) await sleep(50);
  }
  const deadline = Date.now() + 60_000;
  while (heard.some((count) => count < 3) && Date.now() < deadline) await sleep(100);
  const memory = [residentMegabytes(pid)];
  const from = [...heard];
  for (let second = 0; second < HELD_SECONDS; second += 1) {
    await sleep(1000);
    memory.push(residentMegabytes(pid));
  }
  const alive = heard.filter((count, index) => count > from[index]!).length;
  agent.destroy();
  return { alive, memory };
}

await using upstream = await startPeer("event-stream", []);
const origin = new URL(upstream.url).origin;
await using server = await ServerProcess.start({ env: { TOLLGATE_GATEWAY_ALLOW: origin } });
const db = openBooks(server);
try {
  const demo = await gatewayDemo(server, db, upstream.url);
  await demo.customer("bench", 1_000_000_000);
  const postmaster = Number(
    readFileSync(join(server.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0],
  );
  const through = (name: string, provider: string, pids: () => number[]): Way => ({
    name,
    url: demo.url(provider, "chat/completions"),
    headers: demo.headersFor("bench"),
    pids,
  });
  const direct: Way = {
    name: "direct",
    url: `${upstream.url}/chat/completions`,
    headers: {},
    pids: () => [upstream.pid],
  };
  const ours = through("tollgate", "lumen-chat", () => [server.pid, postmaster]);
  const ways = [direct, ours];
  for (const start of [nginx, portkey]) {
    const way = await start(upstream.url);
    if (way) ways.push(way);
    else console.log(`${start.name} is not installed here; it is left out.`);
  }

  const idle = residentMegabytes(server.pid);
  const measured = new Map<string, Figures[]>(ways.map(({ name }) => [name, []]));
  // Nobody is measured cold.
  for (const way of ways) await streams(way, { count: 100, together: 20, events: 5, pauseMs: 5 });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ways) measured.get(way.name)!.push(await figuresOf(way));
  }
  const at = (name: string, what: keyof Figures) => middle(measured.get(name)!.map((it) => it[what]));
  const added = (name: string, what: "firstByteMs" | "chunkMs") => at(name, what) - at("direct", what);
  for (const { name } of ways) {
    const of = name === "direct" ? "upstream's own " : "";
    const plus = (what: "firstByteMs" | "chunkMs") =>
      name === "direct" ? "" : ` (+${added(name, what).toFixed(2)})`;
    console.log(
      `${name}: first byte ${at(name, "firstByteMs").toFixed(2)} ms${plus("firstByteMs")}, ` +
        `chunk ${at(name, "chunkMs").toFixed(3)} ms${plus("chunkMs")}, ` +
        `${of}CPU of 1,000 streams ${at(name, "cpuMs").toFixed(0)} ms`,
    );
  }
  for (const { name } of ways.slice(2)) {
    console.log(
      `tollgate / ${name}: added first byte ${(added("tollgate", "firstByteMs") / added(name, "firstByteMs")).toFixed(2)}, ` +
        `added per chunk ${(added("tollgate", "chunkMs") / added(name, "chunkMs")).toFixed(2)}, ` +
        `CPU with its database ${(at("tollgate", "cpuMs") / at(name, "cpuMs")).toFixed(2)}`,
    );
  }

  if (measured.has("portkey")) {
    const ratio = added("tollgate", "firstByteMs") / added("portkey", "firstByteMs");
    verdict("added time to first byte against @portkey-ai/gateway, which charges nobody", ratio, {
      atMost: 0.25,
    });
  }

  const { alive, memory } = await hold([ours, through("by usage", "lumen-deep", ours.pids)], server.pid);
  const [first = 0] = memory;
  const last = middle(memory.slice(-5));
  console.log(
    `${alive} of ${HELD} streams alive after ${HELD_SECONDS} s; memory ${idle.toFixed(0)} MB before, ` +
      `${first.toFixed(0)} MB with all open, ${last.toFixed(0)} MB at the end (${(((last - idle) * 1024) / HELD).toFixed(0)} KB a stream)`,
  );
  verdict("streams held at once against 2,000", alive / HELD, { atLeast: 1 });
  verdict("memory of 2,000 held streams, end against beginning", last / first, { atMost: 1.15 });
} finally {
  await db.close();
  for (const child of started) child.kill();
  rmSync(work, { recursive: true, force: true });
}
