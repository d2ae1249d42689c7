type Child = Node | string | null | false | undefined;
type Props = Record<string, string | number | boolean | ((event: Event) => unknown) | null | undefined>;

/** An element. `on…` props are listeners, `true` is an attribute without a value. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), (event) => void value(event));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((it): it is Node | string => Boolean(it)));
  return element;
}

export const byId = (id: string): HTMLElement | null => document.getElementById(id);

/** Tells those who do not see the page what has changed on it. */
export function announce(text: string): void {
  const announcer = byId("announcer");
  if (announcer) announcer.textContent = text;
}

export const dayOf = (at: Date | string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(new Date(at));

export const timeOf = (at: Date): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(at);

export const moneyOf = (amount: number, currency: string): string =>
  new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount);

/** Grey lines where text will be. */
export const waiting = (what: string, lines = 3): HTMLElement =>
  h(
    "div",
    { class: "waiting" },
    h("p", { class: "sr", role: "status" }, what),
    ...Array.from({ length: lines }, () => h("span", { class: "line", "aria-hidden": "true" })),
  );

/** What went wrong, in a sentence, and a way to try again. */
export const trouble = (text: string, again?: () => unknown): HTMLElement =>
  h(
    "div",
    { class: "note trouble", role: "alert" },
    h("p", {}, text),
    again && h("p", {}, h("button", { type: "button", class: "button plain", onclick: again }, "Try again")),
  );
