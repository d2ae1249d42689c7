/** The script of the test pages: React, the bindings and a few helpers as `window.t`. */
import * as bindings from "@tollgate/sdk-react";
import * as React from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { AllHooks, ShopPage } from "./probes.ts";

type Paywall = ReturnType<typeof bindings.usePaywall>;

/** What each probe saw, one entry per render in which it changed. */
const seen: Record<string, unknown[]> = {};
const note = (name: string, value: unknown): void => {
  seen[name] ??= [];
  if (!Object.is(seen[name].at(-1), value)) seen[name].push(value);
};

const testKit = {
  React,
  h: React.createElement,
  bindings,
  seen,
  note,
  AllHooks,
  ShopPage,
  hydrateRoot,
  /** Renders into the page and returns the root; its renders and their effects are done when the call returns. */
  mount(element: React.ReactNode): Pick<Root, "render" | "unmount"> {
    const root = createRoot(document.body.appendChild(document.createElement("div")));
    const render = (next: React.ReactNode) => flushSync(() => root.render(next));
    render(element);
    return { render, unmount: () => flushSync(() => root.unmount()) };
  },
  /** A component that notes what a hook returns, and shows it. */
  probe(name: string, use: () => unknown) {
    return function Probe() {
      const value = use();
      note(name, value);
      return React.createElement("output", { id: name }, JSON.stringify(value));
    };
  },
  /** Puts the paywall where the harness looks for it. */
  Expose() {
    const paywall: Paywall = bindings.usePaywall();
    note("paywall", paywall);
    if (paywall) Object.assign(window, { pw: paywall });
    return null;
  },
};

declare global {
  interface Window {
    t: typeof testKit;
  }
}
window.t = testKit;
