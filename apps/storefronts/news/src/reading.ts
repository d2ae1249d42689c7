import { type Access, ApiError, api, fetchText, type Paywall } from "./api.ts";
import { finishCheckout, isSubscriber, OUTCOME_WORDS } from "./checkout.ts";
import { type Config, loadConfig } from "./config.ts";
import { announce, byId, h, trouble, waiting } from "./dom.ts";
import { allowanceOf, periodWords, renderPaywall, resumePurchase } from "./paywall.ts";
import { cleanAddress, isSignedIn, type Returned } from "./session.ts";
import { readingTools } from "./share.ts";

type Place = { article: HTMLElement; gate: HTMLElement; rest: HTMLElement };

/** An article's page: asks whether it may be read, and shows its text, or the paywall, or what went wrong. */
export async function openArticle(returned: Returned): Promise<void> {
  const article = document.querySelector<HTMLElement>("article.page");
  if (!article) return;
  const [gate, rest] = [byId("gate"), byId("rest")];
  readingTools(article);
  // An article for everybody has nothing to ask.
  if (!gate || !rest) return;
  const place = { article, gate, rest };
  const byLink = new URL(location.href).searchParams.has("token");
  // The proof in the address is for this reader; what they pass on should be the article alone.
  cleanAddress("token", "sesamy-token", "se");
  if (rest.hasAttribute("data-opened")) {
    gate.replaceChildren(
      h("p", { class: "note" }, "Somebody has given you this article. It is open for you, whole."),
    );
    article.dataset.state = "open";
    return;
  }
  const expired = byLink || rest.hasAttribute("data-refused");
  await decide(
    place,
    returned,
    expired ? "The link that you followed does not open this article any more." : null,
  );
}

/** From the question to what is shown, and again when something has changed. */
async function decide(place: Place, returned: Returned, note: string | null): Promise<void> {
  const { gate, article } = place;
  article.dataset.state = "asking";
  let problem = returned.problem;
  try {
    gate.replaceChildren(waiting("Looking up whether this article is open for you…"));
    const outcome = await finishCheckout(() =>
      gate.replaceChildren(waiting("Thank you. Waiting for the news of your payment…")),
    );
    problem = OUTCOME_WORDS[outcome] ?? problem;
    if (outcome === "none" && returned.intent?.kind === "buy") {
      const { paywall, option } = returned.intent;
      // Whoever has a subscription already came to sign in, whatever button they pressed.
      if (!(await isSubscriber())) {
        gate.replaceChildren(waiting("Opening the payment…"));
        problem = await resumePurchase(paywall, option);
        if (problem === null) return;
      }
    }
    const config = await loadConfig();
    const paywallId = config.paywalls[article.dataset.paywall as keyof Config["paywalls"]];
    const answer = await api.access(paywallId, {
      publisherContentId: article.dataset.slug ?? "",
      url: `${config.siteUrl}/${article.dataset.slug}`,
    });
    if (answer.status === "allowed") await show(place, answer, paywallId, outcome === "bought");
    else standBefore(place, answer, problem ?? note);
  } catch (error) {
    article.dataset.state = "trouble";
    const text = error instanceof ApiError ? error.message : "Something went wrong on this page.";
    gate.replaceChildren(trouble(text, () => decide(place, { intent: null, problem: null }, note)));
  }
}

async function show(
  { article, gate, rest }: Place,
  answer: Extract<Access, { status: "allowed" }>,
  paywallId: string,
  justBought: boolean,
): Promise<void> {
  if (!answer.signedLink) throw new ApiError(0, "The article did not come through.");
  const text = h("template");
  // Our own server's, from our own articles.
  text.innerHTML = await fetchText(article.dataset.slug ?? "", answer.signedLink);
  rest.replaceChildren(text.content);
  article.dataset.state = "open";
  const subscriber = await isSubscriber();
  if (subscriber) {
    gate.replaceChildren(
      justBought
        ? h("p", { class: "note" }, "Welcome. The whole paper is yours from here on, on every device.")
        : "",
    );
    announce(justBought ? "Thank you. The article is open." : "The article is open.");
  } else {
    const paywall = await api.paywall(paywallId).catch(() => null);
    const meter = paywall && meterCard(paywall, answer.remaining);
    gate.replaceChildren(meter ?? "");
    announce(`The article is open. ${meter?.dataset.words ?? ""}`);
  }
  readingTools(article, { gift: subscriber, paywallId });
}

/** “2 of 3 free articles left this month”, as the server counts them. */
function meterCard(paywall: Paywall, remaining: number): HTMLElement | null {
  const allowance = allowanceOf(paywall);
  if (allowance === 0) return null;
  const noun = allowance === 1 ? "free article" : "free articles";
  const words =
    remaining === 0
      ? allowance === 1
        ? `This was your free article ${periodWords(paywall)}.`
        : `This was the last of your ${allowance} free articles ${periodWords(paywall)}.`
      : `${remaining} of ${allowance} ${noun} left ${periodWords(paywall)}.`;
  const dots = Array.from({ length: allowance }, (_, i) =>
    h("span", { class: i < remaining ? "dot" : "dot used" }),
  );
  return h(
    "aside",
    { class: "meter", "aria-label": "Free articles", "data-words": words },
    h("span", { class: "dots", "aria-hidden": "true" }, ...dots),
    h("p", { id: "meter" }, words),
    h("a", { href: "./subscribe" }, "Read without counting"),
  );
}

function standBefore(
  { article, gate }: Place,
  { paywall, renewsAt }: Extract<Access, { status: "paywall" }>,
  problem: string | null,
): void {
  article.dataset.state = "locked";
  gate.replaceChildren(renderPaywall(paywall, { locked: true, renewsAt, problem, heading: "h2" }));
  announce("The rest of this article is for subscribers. Offers follow.");
}

/** The page that only sells. */
export async function openOffer(returned: Returned): Promise<void> {
  const offer = byId("offer");
  if (!offer) return;
  let problem = returned.problem;
  const draw = async (): Promise<void> => {
    offer.replaceChildren(waiting("Fetching the offers…", 5));
    try {
      const outcome = await finishCheckout(() =>
        offer.replaceChildren(waiting("Thank you. Waiting for the news of your payment…")),
      );
      problem = OUTCOME_WORDS[outcome] ?? problem;
      if (isSignedIn() && (await isSubscriber())) return offer.replaceChildren(thanks(outcome === "bought"));
      if (outcome === "none" && returned.intent?.kind === "buy") {
        const { paywall, option } = returned.intent;
        offer.replaceChildren(waiting("Opening the payment…"));
        problem = await resumePurchase(paywall, option);
        if (problem === null) return;
      }
      const { paywalls } = await loadConfig();
      const paywall = await api.paywall(paywalls.news);
      offer.replaceChildren(renderPaywall(paywall, { locked: false, problem, heading: "h2" }));
    } catch (error) {
      const text = error instanceof ApiError ? error.message : "Something went wrong on this page.";
      offer.replaceChildren(trouble(text, draw));
    }
  };
  await draw();
}

const thanks = (now: boolean): HTMLElement =>
  h(
    "div",
    { class: "note" },
    h(
      "p",
      {},
      now
        ? "Thank you. The whole paper is yours from here on, on every device."
        : "You are a subscriber already.",
    ),
    h(
      "p",
      {},
      h("a", { class: "button", href: "./" }, "To the front page"),
      " ",
      h("a", { href: "./account" }, "Your account"),
    ),
  );
