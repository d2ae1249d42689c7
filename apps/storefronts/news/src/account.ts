import { ApiError, api, type Bill, type Contract } from "./api.ts";
import { byId, dayOf, h, moneyOf, trouble, waiting } from "./dom.ts";
import { savedList, savedSlugs } from "./saved.ts";
import { emailOf, isSignedIn, type Returned, signIn, signOut, withToken } from "./session.ts";

/** The reader's own page: what they have, what it cost, and the way out. */
export function openAccount(returned: Returned): void {
  const place = byId("account");
  if (!place) return;
  const title = h("h1", {}, "Your account");
  const list = h("div");
  const later = h(
    "section",
    { "aria-labelledby": "saved" },
    h("h2", { id: "saved", class: "label" }, "Saved for later"),
    list,
  );
  const listAgain = () =>
    fill(list, "Fetching your list…", savedSlugs, (slugs) => savedList(slugs, listAgain));
  if (!isSignedIn()) {
    place.replaceChildren(
      title,
      h(
        "p",
        { class: "standfirst" },
        "Sign in to see your subscription and your bills, and to cancel. Your e-mail address is all it takes.",
      ),
      h("p", { class: "problem", role: "alert" }, returned.problem ?? ""),
      h(
        "p",
        { class: "actions" },
        h("button", { type: "button", class: "button strong", onclick: () => signIn() }, "Sign in"),
        h("a", { href: "./subscribe" }, "Not a subscriber yet?"),
      ),
      later,
    );
    listAgain();
    return;
  }
  const [contracts, bills] = [h("div"), h("div")];
  place.replaceChildren(
    title,
    h(
      "p",
      { class: "standfirst signed-in" },
      "Signed in",
      emailOf() ? " as " : "",
      h("b", {}, emailOf() ?? ""),
      " ",
      h(
        "button",
        { type: "button", class: "button plain", id: "sign-out", onclick: () => signOut() },
        "Sign out",
      ),
    ),
    h(
      "section",
      { "aria-labelledby": "contracts" },
      h("h2", { id: "contracts", class: "label" }, "Subscription"),
      contracts,
    ),
    h("section", { "aria-labelledby": "bills" }, h("h2", { id: "bills", class: "label" }, "Bills"), bills),
    later,
  );
  const all = () => {
    fill(contracts, "Fetching your subscription…", api.contracts, (list) =>
      list.length === 0
        ? h(
            "p",
            { class: "empty" },
            "You have no subscription. ",
            h("a", { href: "./subscribe" }, "See the offers"),
          )
        : h("ul", { class: "cards" }, ...list.map((it) => contractCard(it, all))),
    );
    fill(bills, "Fetching your bills…", api.bills, (list) =>
      list.length === 0 ? h("p", { class: "empty" }, "There are no bills.") : billList(list),
    );
  };
  all();
  listAgain();
}

/** Waiting, then what there is, or what went wrong and another try. */
function fill<T>(
  place: HTMLElement,
  what: string,
  ask: () => Promise<T>,
  draw: (value: T) => HTMLElement,
): void {
  place.replaceChildren(waiting(what));
  ask().then(
    (value) => place.replaceChildren(draw(value)),
    (error: unknown) => {
      // Another part of the page may have drawn it anew meanwhile.
      if (!place.isConnected) return;
      const text = error instanceof ApiError ? error.message : "Something went wrong on this page.";
      if (error instanceof ApiError && error.status === 401 && !isSignedIn()) {
        return openAccount({ intent: null, problem: text });
      }
      place.replaceChildren(trouble(text, () => fill(place, what, ask, draw)));
    },
  );
}

const EVERY: Record<string, string> = { DAY: "a day", WEEK: "a week", MONTH: "a month", YEAR: "a year" };

function contractCard(contract: Contract, changed: () => void): HTMLElement {
  const { willCancelAt, nextBillAt, price, nextPrice, currency, recurringInterval = "" } = contract;
  const name = contract.items[0]?.name || contract.name;
  const next = nextPrice ?? price;
  const codes = contract.appliedDiscounts.map((it) => it.code).join(", ");
  const off = next < price && codes ? `, with ${codes}` : "";
  const line = willCancelAt
    ? `Cancelled. Open until ${dayOf(willCancelAt)}, and then it ends by itself.`
    : nextBillAt
      ? `The next ${moneyOf(next, currency)} is due on ${dayOf(nextBillAt)}${off}.`
      : contract.isActive
        ? "Paid for."
        : "This has ended.";
  return h(
    "li",
    { class: "card" },
    h("h3", {}, name),
    h("p", {}, `${moneyOf(price, currency)} ${EVERY[recurringInterval] ?? ""}`),
    h("p", { class: "state" }, line),
    contract.paymentData && h("p", { class: "state" }, `Paid by ${contract.paymentData.description}.`),
    h(
      "p",
      { class: "actions" },
      !willCancelAt &&
        contract.isActive &&
        nextBillAt &&
        h(
          "button",
          { type: "button", class: "button plain", onclick: () => askToCancel(contract, changed) },
          "Cancel",
        ),
      contract.manageUrl && manageLink(contract.manageUrl),
    ),
  );
}

/** Leads to the hosted account as whoever is signed in here. */
const manageLink = (address: string): HTMLElement =>
  h(
    "a",
    {
      href: address,
      onclick: async (event) => {
        event.preventDefault();
        location.assign(await withToken(address).catch(() => address));
      },
    },
    "Payment method and receipts",
  );

function askToCancel(contract: Contract, changed: () => void): void {
  const problem = h("p", { class: "problem", role: "alert" });
  const yes = h("button", { type: "submit", class: "button strong" }, "Cancel the subscription");
  const until = contract.nextBillAt ? dayOf(contract.nextBillAt) : "the end of what you have paid for";
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "cancel-title" });
  const form = h(
    "form",
    {},
    h(
      "p",
      {},
      `You keep everything until ${until}. After that nothing is charged. You can come back at any time.`,
    ),
    problem,
    h(
      "p",
      { class: "actions" },
      yes,
      h("button", { type: "button", class: "button plain", onclick: () => dialog.close() }, "Keep it"),
    ),
  );
  dialog.append(h("h2", { id: "cancel-title" }, "Cancel the subscription?"), form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    yes.disabled = true;
    try {
      await api.cancel(contract.id);
      dialog.close();
      changed();
    } catch (error) {
      yes.disabled = false;
      problem.textContent =
        error instanceof ApiError ? error.message : "That did not work. Please try again.";
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const STATUS: Record<string, string> = {
  PAID: "Paid",
  PENDING: "Open",
  RETRYING: "Being tried again",
  OVERDUE: "Overdue",
  CANCELED: "Cancelled",
  VOIDED: "Void",
};

const billList = (bills: Bill[]): HTMLElement =>
  h(
    "ul",
    { class: "bills" },
    ...bills.map((bill) =>
      h(
        "li",
        {},
        h("time", { datetime: bill.createdAt }, dayOf(bill.createdAt)),
        h("b", {}, moneyOf(bill.price, bill.currency ?? "EUR")),
        h("span", { class: "what" }, bill.items.map((it) => it.title).join(", ")),
        h("span", {}, STATUS[bill.status] ?? bill.status),
        bill.receiptUrl &&
          h("a", { href: bill.receiptUrl, "aria-label": `Receipt of ${dayOf(bill.createdAt)}` }, "Receipt"),
      ),
    ),
  );
