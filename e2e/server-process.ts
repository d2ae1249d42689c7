import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export type DemoFacts = {
  baseUrl: string;
  tenant: { id: string; slug: string };
  merchant: { email: string; password: string };
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  paywalls: { app: { id: string; prices: { id: string; interval: string | null }[] } };
};

export type InboxMail = {
  to: string;
  subject: string;
  text: string;
  code?: string;
  links: string[];
  at: string;
};

/** The server as an operator runs it: a process of its own, in demo mode, on a data directory of its own. */
export class ServerProcess {
  readonly dataDir: string;
  readonly port: number;
  readonly baseUrl: string;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(dataDir: string, port: number) {
    this.dataDir = dataDir;
    this.port = port;
    this.baseUrl = `http://localhost:${port}`;
  }

  static async start(
    options: { dataDir?: string; env?: Record<string, string> } = {},
  ): Promise<ServerProcess> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "tollgate-e2e-"));
    const server = new ServerProcess(dataDir, await freePort());
    await server.launch(options.env);
    return server;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the server is not running");
    return pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Starts the process and waits for its first answer; returns the milliseconds that took. */
  async launch(env: Record<string, string> = {}): Promise<number> {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "apps/server/src/main.ts"],
      {
        cwd: root,
        env: {
          ...process.env,
          PORT: String(this.port),
          TOLLGATE_DATA_DIR: this.dataDir,
          LOG_LEVEL: "warn",
          DATABASE_URL: "",
          TOLLGATE_DEMO: "1",
          ...env,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (this.#output += data));
    const exited = new Promise<never>((_, reject) =>
      child.once("exit", (code, signal) =>
        reject(new Error(`the server ended before it answered (${code ?? signal}):\n${this.#output}`)),
      ),
    );
    exited.catch(() => {});
    await Promise.race([this.#answered(), exited]);
    return performance.now() - started;
  }

  async #answered(): Promise<void> {
    for (;;) {
      try {
        const response = await fetch(`${this.baseUrl}/readyz`);
        await response.text();
        if (response.ok) return;
      } catch {
        // Not listening yet.
      }
      await sleep(10);
    }
  }

  /** Ends the process with a signal and waits until it is gone. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill(signal);
    return gone;
  }

  /** Stops the server and deletes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  demo = () => this.json<DemoFacts>("/dev/demo.json");
  inbox = (to: string) => this.json<InboxMail[]>(`/dev/inbox.json?to=${encodeURIComponent(to)}`);
  webhooks = () =>
    this.json<{ headers: Record<string, string>; body: string; at: string }[]>("/dev/webhooks.json");

  advanceClock = (advance: string) =>
    this.json<{ now: string }>("/dev/clock", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advance }),
    });

  /** Buys as a person without JavaScript would: start the checkout, fill the form, follow where it leads. */
  async buy(input: { paywallId: string; priceId: string; email: string; card?: string }): Promise<URL> {
    const { checkoutUrl } = await this.json<{ checkoutUrl: string }>(
      `/api/v1/paywall/${input.paywallId}/start-checkout`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: input.email, priceId: Number(input.priceId) }),
      },
    );
    const page = await fetch(checkoutUrl);
    const html = await page.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1] ?? checkoutUrl;
    const fields = new URLSearchParams();
    for (const [, attributes] of html.matchAll(/<input([^>]*type="hidden"[^>]*)>/g)) {
      const name = /name="([^"]+)"/.exec(attributes!)?.[1];
      if (name) fields.set(name, /value="([^"]*)"/.exec(attributes!)?.[1] ?? "");
    }
    fields.set("card", input.card ?? "4242424242424242");
    fields.set("expiry", "12/39");
    fields.set("cvc", "123");
    const paid = await fetch(new URL(action.replaceAll("&amp;", "&"), checkoutUrl), {
      method: "POST",
      body: fields,
      redirect: "manual",
    });
    const location = paid.headers.get("location");
    if (paid.status !== 303 || !location)
      throw new Error(`payment answered ${paid.status}: ${(await paid.text()).slice(0, 300)}`);
    return new URL(location, checkoutUrl);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
