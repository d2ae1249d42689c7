import type { FailureCode, MethodNews } from "../port.ts";

/** How a card answers: to the first charge, and to those that follow without the customer. */
type Behaviour = {
  first: "ok" | "challenge" | FailureCode;
  later: "ok" | FailureCode;
  disputed: boolean;
};

const OK: Behaviour = { first: "ok", later: "ok", disputed: false };

/** Product spec §4. What the payment page lists, in this order. */
export const TEST_CARDS: { number: string; title: string; behaviour: Behaviour }[] = [
  { number: "4242424242424242", title: "Succeeds", behaviour: OK },
  { number: "4000000000000002", title: "Is declined", behaviour: { ...OK, first: "do_not_honor" } },
  { number: "4000002500003155", title: "Asks for confirmation", behaviour: { ...OK, first: "challenge" } },
  {
    number: "4000000000000341",
    title: "Works once, renewals fail",
    behaviour: { ...OK, later: "do_not_honor" },
  },
  {
    number: "4000000000009995",
    title: "Has insufficient funds",
    behaviour: { ...OK, first: "insufficient_funds" },
  },
  { number: "4000000000000259", title: "Succeeds, disputed later", behaviour: { ...OK, disputed: true } },
];

/** What is kept of a card: never its number. */
export type StoredCard = {
  vaultRef: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  fingerprint: string;
  behaviour: Behaviour;
};

export type CardFields = { card: string; expiry: string; cvc: string };
export type CardProblems = Partial<Record<keyof CardFields, string>>;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** `12/34`, `1234`, `12 / 2034` → month and full year. */
function readExpiry(text: string): { month: number; year: number } | null {
  const match = /^\s*(0?[1-9]|1[0-2])\s*[/\- ]?\s*(\d{4}|\d{2})\s*$/.exec(text);
  if (!match) return null;
  const year = Number(match[2]);
  return { month: Number(match[1]), year: year < 100 ? 2000 + year : year };
}

/**
 * Checks what a person typed, as a card form does. Cards other than the scripted ones are declined, as a
 * real test mode would, so that nobody types a real number twice.
 */
export function readCard(
  fields: CardFields,
  now: Date,
  make: { vaultRef: () => string; fingerprint: (number: string) => string },
): { card: StoredCard } | { problems: CardProblems } {
  const number = fields.card.replace(/[\s-]/g, "");
  const expiry = readExpiry(fields.expiry);
  const problems: CardProblems = {};
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) problems.card = "Check the card number.";
  if (!expiry) problems.expiry = "Use month and year, such as 12/34.";
  else if (Date.UTC(expiry.year, expiry.month, 1) <= now.getTime())
    problems.expiry = "This card has expired.";
  else if (expiry.year > now.getUTCFullYear() + 50) problems.expiry = "Check the year.";
  if (!/^\s*\d{3,4}\s*$/.test(fields.cvc)) problems.cvc = "The security code has 3 or 4 digits.";
  if (Object.keys(problems).length > 0 || !expiry) return { problems };
  const behaviour = TEST_CARDS.find((it) => it.number === number)?.behaviour ?? {
    ...OK,
    first: "do_not_honor",
  };
  return {
    card: {
      vaultRef: make.vaultRef(),
      brand: number.startsWith("4") ? "visa" : /^(5[1-5]|2[2-7])/.test(number) ? "mastercard" : "card",
      last4: number.slice(-4),
      expMonth: expiry.month,
      expYear: expiry.year,
      fingerprint: make.fingerprint(number),
      behaviour,
    },
  };
}

/** A method without a card: settled by hand or by time, and never refused later. */
export const payLaterMethod = (vaultRef: string): StoredCard => ({
  vaultRef,
  brand: "pay_later",
  last4: "",
  expMonth: 0,
  expYear: 0,
  fingerprint: "",
  behaviour: OK,
});

export const methodNewsOf = (card: StoredCard): MethodNews => {
  const isCard = card.brand !== "pay_later";
  return {
    vaultRef: card.vaultRef,
    type: isCard ? "card" : "pay_later",
    brand: isCard ? card.brand : null,
    last4: isCard ? card.last4 : null,
    expMonth: isCard ? card.expMonth : null,
    expYear: isCard ? card.expYear : null,
    fingerprint: isCard ? card.fingerprint : null,
  };
};
