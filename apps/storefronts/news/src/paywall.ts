import { ApiError, api, type Paywall, type Subscription } from "./api.ts";
import { beginCheckout } from "./checkout.ts";
import { h, moneyOf } from "./dom.ts";
import { isSignedIn, signIn } from "./session.ts";

/** Descriptions may hold HTML, of which only the words are shown. */
const wordsOf = (html: string): string =>
  new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";

const METHODS: Record<string, string> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "American Express",
  "apple-pay": "Apple Pay",
  "google-pay": "Google Pay",
  klarna: "Klarna",
  vipps: "Vipps",
  swish: "Swish",
};

const PERIODS = { DAY: "today", WEEK: "this week", MONTH: "this month" };
export const periodWords = (paywall: Paywall): string => PERIODS[paywall.settings.leaky?.period ?? "MONTH"];

/** How many free articles a window has for whoever reads here now. */
export const allowanceOf = (paywall: Paywall): number => {
  const leaky = paywall.settings.leaky;
  return leaky?.enabled ? leaky.limit + (isSignedIn() ? (leaky.registeredBonus ?? 0) : 0) : 0;
};

const weekdayOf = (at: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));

/** What a reader who is out of free articles is told, and only what is true. */
function reason(paywall: Paywall, renewsAt: string | undefined): string {
  const allowance = allowanceOf(paywall);
  if (allowance === 0) return "This article is for subscribers.";
  const one = allowance === 1;
  const what = one ? "Your free article" : `Your ${allowance} free articles`;
  const read = `${what} ${periodWords(paywall)} ${one ? "is" : "are"} read.`;
  return renewsAt ? `${read} The next ${one ? "one comes" : "come"} on ${weekdayOf(renewsAt)}.` : read;
}

/** Draws a paywall from its settings. `locked` says that it stands before an article. */
export function renderPaywall(
  paywall: Paywall,
  options: { locked: boolean; renewsAt?: string | undefined; problem?: string | null; heading: "h1" | "h2" },
): HTMLElement {
  const chosen = paywall.subscriptions.find((it) => it.selected) ?? paywall.subscriptions[0];
  const problem = h("p", { class: "problem", role: "alert" }, options.problem ?? "");
  const button = h("button", { type: "submit", class: "button strong" }, wordsOn(chosen));
  const form = h(
    "form",
    { class: "offers", novalidate: true },
    h(
      "fieldset",
      {},
      h("legend", { class: "sr" }, "Choose a subscription"),
      ...paywall.subscriptions.map((it) => optionCard(it, paywall, it === chosen)),
    ),
    problem,
    button,
  );
  const selected = () => {
    const id = new FormData(form).get("option");
    return paywall.subscriptions.find((it) => it.id === id);
  };
  form.addEventListener("change", () => {
    button.textContent = wordsOn(selected());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const option = selected();
    if (option) void buy(option, paywall, { button, problem });
  });
  const bonus = paywall.settings.leaky?.registeredBonus ?? 0;
  const card = h(
    "div",
    { class: "paywall" },
    options.locked && h("p", { class: "reason" }, reason(paywall, options.renewsAt)),
    h(options.heading, { class: "headline" }, paywall.headline),
    paywall.features.length > 0 &&
      h("ul", { class: "features" }, ...paywall.features.map((it) => h("li", {}, it))),
    paywall.subscriptions.length > 0 ? form : h("p", {}, "There is nothing on sale at the moment."),
    paywall.footerPaymentMethods.length > 0 &&
      h("p", { class: "methods" }, paywall.footerPaymentMethods.map((it) => METHODS[it] ?? it).join(" · ")),
    !isSignedIn() &&
      paywall.showLoginButton &&
      h(
        "p",
        { class: "sign-in" },
        options.locked && bonus > 0
          ? `Signing in opens ${bonus} more ${periodWords(paywall)}, free of charge. `
          : "A subscriber already? ",
        h("button", { type: "button", class: "link", onclick: () => signIn() }, "Sign in"),
      ),
  );
  paint(card, paywall.mainColor);
  return card;
}

function optionCard(option: Subscription, paywall: Paywall, checked: boolean): HTMLElement {
  const description = wordsOf(option.description);
  return h(
    "label",
    { class: "option" },
    h("input", { type: "radio", name: "option", value: option.id, checked }),
    h(
      "span",
      { class: "option-words" },
      h(
        "span",
        { class: "option-title" },
        option.title,
        option.tag !== "" && h("span", { class: "tag" }, option.tag),
      ),
      description !== "" && h("span", { class: "option-more" }, description),
    ),
    h(
      "span",
      { class: "option-price" },
      h("b", {}, moneyOf(option.price, paywall.currency)),
      h("span", {}, ` ${option.periodText}`),
    ),
  );
}

const wordsOn = (option: Subscription | undefined): string =>
  option?.buttonText ?? (isSignedIn() ? "Continue to payment" : "Sign in and subscribe");

/** The publisher's colour, with the letters on it in whichever of black and white can be read. */
function paint(card: HTMLElement, color: string): void {
  const [r = 0, g = 0, b = 0] = (/^#(..)(..)(..)$/.exec(color)?.slice(1) ?? []).map((it) =>
    Number.parseInt(it, 16),
  );
  const light = [r, g, b].map((it) => {
    const part = it / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * light[0]! + 0.7152 * light[1]! + 0.0722 * light[2]!;
  card.style.setProperty("--brand", color);
  card.style.setProperty("--on-brand", luminance > 0.179 ? "#000" : "#fff");
}

async function buy(
  option: Subscription,
  paywall: Paywall,
  { button, problem }: { button: HTMLButtonElement; problem: HTMLElement },
): Promise<void> {
  problem.textContent = "";
  button.disabled = true;
  const words = button.textContent;
  button.textContent = isSignedIn() ? "Opening the payment…" : "Opening the sign-in…";
  try {
    // A purchase belongs to somebody, so that it opens the paper on their other devices, too.
    if (isSignedIn()) await beginCheckout(option, paywall.id);
    else await signIn({ kind: "buy", paywall: paywall.id, option: option.id });
  } catch (error) {
    button.disabled = false;
    button.textContent = words;
    problem.textContent = error instanceof ApiError ? error.message : "That did not work. Please try again.";
  }
}

/** Goes on to the payment that a reader had chosen before they signed in. Null when that is under way. */
export async function resumePurchase(paywallId: string, optionId: string): Promise<string | null> {
  try {
    const { subscriptions, id } = await api.paywall(paywallId);
    const option = subscriptions.find((it) => it.id === optionId);
    if (!option) return "That subscription is not on sale any more.";
    await beginCheckout(option, id);
    return null;
  } catch (error) {
    return error instanceof ApiError ? error.message : "That did not work. Please try again.";
  }
}
