import { ARTICLES } from "../edition/articles.ts";
import { ApiError, api } from "./api.ts";
import { announce, h } from "./dom.ts";

/** A reader's list, kept by the server: as long as a browser lasts, or for good for whoever has signed in. */
const LIST = "saved";
const POLICIES = { unique: true, maxItems: 100, overflow: "fifo" };

export async function savedSlugs(): Promise<string[]> {
  const list = (await api.tallies()).find(({ id }) => id === LIST);
  return (list?.value ?? []).map(String);
}

const remove = async (slug: string): Promise<void> => {
  const left = (await savedSlugs()).filter((it) => it !== slug);
  await api.putTally(LIST, left);
};

/** Keeps an article for later, or lets it go again. */
export function saveTool(slug: string): HTMLElement {
  let isSaved = false;
  const button = h("button", { type: "button", class: "tool", "aria-pressed": "false" }, "Save");
  const show = () => {
    button.setAttribute("aria-pressed", String(isSaved));
    button.textContent = isSaved ? "Saved" : "Save";
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if (isSaved) await remove(slug);
      else await api.pushTally(LIST, slug, POLICIES);
      isSaved = !isSaved;
      show();
      announce(isSaved ? "Saved. Your list is in your account." : "Taken off your list.");
    } catch (error) {
      announce(error instanceof ApiError ? error.message : "That did not work. Please try again.");
    }
    button.disabled = false;
  });
  savedSlugs().then(
    (slugs) => {
      isSaved = slugs.includes(slug);
      show();
    },
    // The button still works; it only does not know.
    () => {},
  );
  return button;
}

/** The list itself, in which an article can be crossed out. */
export function savedList(slugs: string[], changed: () => void): HTMLElement {
  const known = slugs.toReversed().flatMap((slug) => ARTICLES.find((it) => it.slug === slug) ?? []);
  if (known.length === 0)
    return h("p", { class: "empty" }, "Nothing is saved. Every article has a button for it.");
  return h(
    "ul",
    { class: "saved" },
    ...known.map(({ slug, title, minutes }) =>
      h(
        "li",
        {},
        h("a", { href: `./${slug}` }, title),
        h("span", {}, `${minutes} min`),
        h(
          "button",
          {
            type: "button",
            class: "tool",
            "aria-label": `Remove “${title}”`,
            onclick: () => remove(slug).then(changed, changed),
          },
          "Remove",
        ),
      ),
    ),
  );
}
