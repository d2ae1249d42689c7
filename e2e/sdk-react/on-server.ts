/** Renders as a server does, with the React that was bundled in. */
import * as bindings from "@tollgate/sdk-react";
import { createElement as h, StrictMode } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { AllHooks, ShopPage } from "./probes.ts";

type Provider = bindings.PaywallProviderProps;

export const renderShop = (provider: Provider): string => renderToString(h(ShopPage, { provider }));

export const streamShop = (provider: Provider): Promise<string> =>
  new Promise((resolve, reject) => {
    let html = "";
    const { pipe } = renderToPipeableStream(h(ShopPage, { provider }), {
      onError: reject,
      onAllReady: async () => {
        const { PassThrough } = await import("node:stream");
        const sink = new PassThrough();
        sink.on("data", (chunk) => {
          html += chunk;
        });
        sink.on("end", () => resolve(html));
        pipe(sink);
      },
    });
  });

/** What every hook says on the server. */
export function hooksOnServer(provider: Provider): Record<string, unknown> {
  let values: Record<string, unknown> = {};
  const saw = (next: Record<string, unknown>) => {
    values = next;
  };
  renderToString(
    h(StrictMode, null, h(bindings.PaywallProvider, { ...provider } as Provider, h(AllHooks, { saw }))),
  );
  return values;
}

/** What a hook says without a provider. */
export function outsideOnServer(): string {
  try {
    renderToString(h(AllHooks, { saw: () => {} }));
    return "";
  } catch (error) {
    return String(error);
  }
}
