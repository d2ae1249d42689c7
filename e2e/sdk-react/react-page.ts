import { beforeAll, beforeEach } from "vitest";
import { type HostPageOptions, useHostPage } from "../sdk/host-page.ts";
import { bundlePage, type ReactVersion } from "./bundle.ts";
import type {} from "./in-page.ts";

const page = (body: string) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>React page</title>
<script type="importmap">{"imports":{"@tollgate/sdk/ui":"/sdk/index.js","@tollgate/sdk":"/sdk/index.js"}}</script>
<body>${body}<script type="module">import * as sdk from "/sdk/index.js"; import "/app.js"; window.sdk = sdk;</script>`;

/**
 * For every test of a file: a page with React, the bindings and the SDK, against the real server. What React or
 * anybody else says to the console is in `said`.
 */
export function useReactPage(react: ReactVersion, options: HostPageOptions = {}) {
  const host = useHostPage(options);
  const said: string[] = [];
  let script = "";

  beforeAll(async () => {
    script = await bundlePage(react);
  });

  /** Loads a page with this in its body and the helpers in `window.t`. */
  async function load(body = "") {
    host.pages.set("/app.js", { body: script, headers: { "content-type": "text/javascript" } });
    host.pages.set("/react", { body: page(body) });
    await host.load("/react");
  }

  beforeEach(async () => {
    said.length = 0;
    host.page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) said.push(message.text());
    });
    await load();
  });

  return Object.assign(host, {
    said,
    loadReact: load,
    /** What a probe has seen, as data. */
    seen: <T>(name: string) =>
      host.page.evaluate(
        (of) =>
          (window.t.seen[of] ?? []).map((it) => (it === undefined ? null : JSON.parse(JSON.stringify(it)))),
        name,
      ) as Promise<T[]>,
    last: <T>(name: string) =>
      host.page.evaluate(
        (of) => JSON.parse(JSON.stringify(window.t.seen[of]?.at(-1) ?? null)),
        name,
      ) as Promise<T>,
  });
}
