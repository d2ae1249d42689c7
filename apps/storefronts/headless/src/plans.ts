import {
  findApplicableOffer,
  offerStartStorageKey,
  type PaywallBootstrap,
  type PaywallPrice,
  type PaywallUser,
  type ResolvedOffer,
  readBrowserOfferStart,
  resolveOffer,
} from "@tollgate/sdk/core";
import { billing } from "./clients.ts";
import { $, make } from "./dom.ts";
import { clock, discounted, local, money, period } from "./prices.ts";

/** Draws the plans, and draws them again when prices or the person change. `buy` runs when one is chosen. */
export function showPlans(buy: (price: PaywallPrice) => void): void {
  const list = $("#plan-cards");
  const problem = $("#plans-problem");

  const draw = () => {
    const bootstrap = billing.getCachedBootstrap();
    if (!bootstrap) return;
    startCountdowns(bootstrap);
    const user = billing.getCachedUser();
    list.replaceChildren(...bootstrap.prices.map((price) => planCard(price, bootstrap, user, buy)));
    list.ariaBusy = null;
    list.hidden = problem.hidden = false;
    problem.hidden = true;
  };
  const load = () =>
    billing.bootstrap().then(draw, () => {
      list.hidden = true;
      problem.hidden = false;
    });

  $("#plans-retry").addEventListener("click", load);
  billing.onBootstrapChange(draw);
  billing.onUserChange(draw);
  setInterval(() => tick(draw), 1000);
  void load();
}

/** An offer that lasts a while from now begins when it is first shown, which is our affair: we show it. */
function startCountdowns({ offers }: PaywallBootstrap): void {
  for (const { id, duration_minutes } of offers) {
    if (!duration_minutes || readBrowserOfferStart(id)) continue;
    try {
      localStorage.setItem(offerStartStorageKey(id), new Date().toISOString());
    } catch {
      // Where nothing can be stored there is no countdown, and so no such offer.
    }
  }
}

const liveOffer = ({ offers }: PaywallBootstrap, price: PaywallPrice): ResolvedOffer | null => {
  const offer = findApplicableOffer(offers, price.id);
  return offer && resolveOffer(offer);
};

function planCard(
  price: PaywallPrice,
  bootstrap: PaywallBootstrap,
  user: PaywallUser | null,
  buy: (price: PaywallPrice) => void,
): HTMLElement {
  const { amount, currency } = local(price);
  const owned = !!user?.has_active_subscription;
  // Who has bought is not told to hurry.
  const offer = owned ? null : liveOffer(bootstrap, price);
  const charged = offer ? discounted(amount, offer.discountPercent) : amount;
  const trial = user?.had_previous_trial ? 0 : (price.trial_days ?? 0);
  const name = price.label ?? "Pro";

  const choose = make(
    "button",
    { type: "button", className: offer ? "strong" : "plain", onclick: () => buy(price), disabled: owned },
    owned ? "You have Pro" : trial ? `Try ${trial} days free` : `Get ${name}`,
  );
  // What the button means on its own, for whoever does not see the card around it.
  choose.ariaLabel = `${choose.textContent}: ${name}, ${money(charged, currency)} ${period(price)}`;

  return make(
    "li",
    { className: offer ? "card offered" : "card" },
    make("h3", {}, name),
    make(
      "p",
      { className: "price" },
      offer && make("s", {}, money(amount, currency)),
      make("b", {}, money(charged, currency)),
      make("span", {}, ` ${period(price)}`),
    ),
    make("p", { className: "soft" }, price.description ?? ""),
    offer && countdown(offer),
    make("div", { className: "grow" }),
    choose,
    make(
      "p",
      { className: "small", hidden: owned },
      trial
        ? `Nothing today, ${money(charged, currency)} ${period(price)} after ${trial} days. Cancel any time.`
        : period(price) === "once"
          ? "One payment. No subscription."
          : "Renews until you cancel.",
    ),
  );
}

const countdown = ({ offer, discountPercent, expiresAt, remainingMs }: ResolvedOffer): HTMLElement =>
  make(
    "p",
    { className: "offer" },
    offer.label ?? `${discountPercent}% off`,
    remainingMs !== null &&
      Object.assign(make("time", { dateTime: expiresAt ?? "" }, clock(remainingMs)), { role: "timer" }),
  );

/** Moves the clocks, and draws the cards again when one has run out. */
function tick(draw: () => void): void {
  for (const element of document.querySelectorAll<HTMLTimeElement>(".offer time")) {
    const left = Date.parse(element.dateTime) - Date.now();
    if (left > 0) element.textContent = clock(left);
    else draw();
  }
}
