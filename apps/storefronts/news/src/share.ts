import { ApiError, api } from "./api.ts";
import { loadConfig } from "./config.ts";
import { announce, byId, h, timeOf, waiting } from "./dom.ts";
import { saveTool } from "./saved.ts";

const MONTH_SECONDS = 30 * 86_400;

/** What can be done with an article: keep it, pass it on, give it away, print it. */
export function readingTools(article: HTMLElement, open?: { gift: boolean; paywallId: string }): void {
  const slug = article.dataset.slug ?? "";
  const tools = byId("tools");
  tools?.replaceChildren(
    tools.querySelector("[aria-pressed]") ?? saveTool(slug),
    tool("Share", () => offerLink("A link to this article", () => plainLink(slug))),
    open?.gift
      ? tool("Give away", () => offerLink("A gift for a friend", () => giftLink(slug, open.paywallId)))
      : "",
    tool("Print", () => print()),
  );
}

const tool = (words: string, onclick: () => unknown): HTMLElement =>
  h("button", { type: "button", class: "tool", onclick }, words);

type Link = { url: string; words: string };

async function plainLink(slug: string): Promise<Link> {
  const { siteUrl } = await loadConfig();
  const { shortlink } = await api.shorten(`${siteUrl}/${slug}`, MONTH_SECONDS);
  return {
    url: shortlink,
    words: "It leads here for 30 days. Your friend reads it as one of their own free articles.",
  };
}

/** A signed link names nobody: neither who gives it nor who may use it. */
async function giftLink(slug: string, paywallId: string): Promise<Link> {
  const { siteUrl } = await loadConfig();
  const answer = await api.access(paywallId, { publisherContentId: slug, url: `${siteUrl}/${slug}` });
  if (answer.status !== "allowed" || !answer.signedLink) {
    throw new ApiError(403, "Only what you may read yourself can be given away.");
  }
  const endsAt = new Date(Number(new URL(answer.signedLink).searchParams.get("se")));
  const seconds = Math.max(60, Math.floor((endsAt.getTime() - Date.now()) / 1000));
  const { shortlink } = await api.shorten(answer.signedLink, Math.min(seconds, MONTH_SECONDS));
  return {
    url: shortlink,
    words: `Whoever has it reads the whole article, without an account, until ${timeOf(endsAt)}.`,
  };
}

async function offerLink(title: string, make: () => Promise<Link>): Promise<void> {
  const body = h("div", {}, waiting("Making the link…", 1));
  const dialog = h(
    "dialog",
    { "aria-labelledby": "link-title", class: "sheet-dialog" },
    h("h2", { id: "link-title" }, title),
    body,
    h("form", { method: "dialog" }, h("button", { class: "button plain" }, "Close")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    const { url, words } = await make();
    const field = h("input", { id: "link", readonly: true, value: url });
    const status = h("p", { class: "small", role: "status" });
    const copy = async () => {
      field.select();
      await navigator.clipboard.writeText(url).catch(() => document.execCommand("copy"));
      status.textContent = "Copied.";
    };
    body.replaceChildren(
      h("label", { for: "link" }, "Link"),
      h(
        "p",
        { class: "copy" },
        field,
        h("button", { type: "button", class: "button", onclick: copy }, "Copy"),
      ),
      h("p", { class: "small" }, words),
      status,
    );
    field.focus();
    field.select();
  } catch (error) {
    const text = error instanceof ApiError ? error.message : "The link could not be made.";
    body.replaceChildren(h("p", { role: "alert" }, text));
    announce(text);
  }
}
