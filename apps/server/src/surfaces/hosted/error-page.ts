import type { Context } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../../http/context.ts";
import type { Deps } from "../../platform/deps.ts";
import { page, pageHeaders } from "./page.ts";

type Refusal = { message: string; requestId?: string };
/** The 3.x envelope, or the publisher's, which has its words one level down. */
type Envelope = Refusal | { error: Refusal };

/**
 * What a person sees where a program would read an error's envelope. A browser that follows a link asks for
 * `text/html`; everything under `/api/`, and every client that does not, keeps the bytes of the contract.
 */
export async function errorForPeople(deps: Deps, c: Context<AppEnv>, refusal: Response): Promise<Response> {
  if (!c.req.header("accept")?.includes("text/html") || c.req.path.startsWith("/api/")) return refusal;
  const envelope = (await refusal.json()) as Envelope;
  const { message, requestId } = "message" in envelope ? envelope : envelope.error;
  const nonce = deps.random.bytes(16).toString("base64");
  const { status } = refusal;
  const title =
    status === 404 ? "There is nothing here" : status >= 500 ? "Something went wrong" : "This did not work";
  const advice =
    status === 404
      ? "The address may be mistyped, or the page is gone."
      : status >= 500
        ? "It is our fault, not yours. Please try again in a moment."
        : message;
  const document = await page(
    {
      title,
      tenant: { name: "Tollgate", brandColor: null },
      styles: ".notice{justify-items:center}",
      body: html`<section class="card stack center notice">
<div class="symbol warn" aria-hidden="true">${status === 404 ? "?" : "!"}</div>
<h1>${title}</h1>
<p class="lead">${advice}</p>
${deps.config.demo ? html`<a class="button" href="/">To the start page</a>` : ""}
${requestId ? html`<p class="muted small">If you write to us about it, name this number: <span class="mono">${requestId}</span></p>` : ""}
</section>`,
    },
    nonce,
  );
  const headers = new Headers(pageHeaders(nonce));
  const retryAfter = refusal.headers.get("retry-after");
  if (retryAfter) headers.set("retry-after", retryAfter);
  return c.body(String(document), status as 404, Object.fromEntries(headers));
}
