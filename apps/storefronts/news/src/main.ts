import { openAccount } from "./account.ts";
import { isSubscriber } from "./checkout.ts";
import { byId, h } from "./dom.ts";
import { openArticle, openOffer } from "./reading.ts";
import { completeSignIn, isSignedIn, signIn } from "./session.ts";
import "./styles.css";

/** The pages are printed; this adds what depends on who reads them. */
async function open(): Promise<void> {
  dateline();
  const returned = await completeSignIn();
  masthead();
  switch (document.documentElement.dataset.page) {
    case "article":
      return openArticle(returned).finally(() => void subscriberMark());
    case "subscribe":
      return openOffer(returned).finally(() => void subscriberMark());
    case "account":
      openAccount(returned);
      return subscriberMark();
    default:
      return subscriberMark();
  }
}

function dateline(): void {
  const today = byId("today");
  if (!today) return;
  const now = new Date();
  today.setAttribute("datetime", now.toISOString().slice(0, 10));
  today.textContent = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(now);
}

function masthead(): void {
  const account = h("a", { href: "./account" }, "Account");
  byId("who")?.replaceChildren(
    h("a", { href: "./subscribe", class: "cta" }, "Subscribe"),
    isSignedIn()
      ? account
      : h("button", { type: "button", class: "link", onclick: () => signIn() }, "Sign in"),
  );
}

/** Nobody is sold what they have. */
async function subscriberMark(): Promise<void> {
  if (await isSubscriber())
    byId("who")
      ?.querySelector(".cta")
      ?.replaceWith(h("span", { class: "mark" }, "Subscriber"));
  else masthead();
}

void open();
