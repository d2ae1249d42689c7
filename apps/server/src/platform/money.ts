import { AppError } from "./errors.ts";

/** An amount in minor units (cents, yen, fils) with its ISO 4217 currency. Never a float. */
export type Money = { amountMinor: number; currency: string };

// ISO 4217 exponents that are not 2.
const EXPONENTS: Record<string, number> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

export const currencyExponent = (currency: string): number => EXPONENTS[currency] ?? 2;

/** Minor units as the decimal number that `bootstrap` sends (999 USD → 9.99, 500 JPY → 500). */
export function toMajor(amountMinor: number, currency: string): number {
  const exponent = currencyExponent(currency);
  return Number((amountMinor / 10 ** exponent).toFixed(exponent));
}

/**
 * The `unit_amount` of purchases and webhooks on the 3.x wire: always major × 100, also for currencies
 * without cents, because shipped readers divide by 100 unconditionally. Paywall API §2.
 */
export function toWireMinor(amountMinor: number, currency: string): number {
  return divideHalfUp(amountMinor * 100, 10 ** currencyExponent(currency));
}

/** A decimal as a person writes it in a file ("9.99") as minor units; refuses more digits than the currency has. */
export function parseMajor(text: string | number, currency: string): number {
  const exponent = currencyExponent(currency);
  const match = /^([0-9]{1,12})(?:\.([0-9]+))?$/.exec(String(text));
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > exponent) {
    throw new AppError("invalid_amount", 400, `"${text}" is not an amount of ${currency}`);
  }
  return Number(match[1]! + fraction.padEnd(exponent, "0"));
}

/** Integer division, halves away from zero for non-negative input. */
export function divideHalfUp(numerator: number, denominator: number): number {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}

/** The discount on one line; product spec §2.5: rounded half up, once per line, never more than the line. */
export function discountMinor(amountMinor: number, percentBp: number | null): number {
  if (!percentBp) return 0;
  return Math.min(amountMinor, divideHalfUp(amountMinor * percentBp, 10_000));
}

/** Money as a person reads it: 999 USD in "en" → "$9.99". */
export function formatMoney({ amountMinor, currency }: Money, locale = "en"): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).format(toMajor(amountMinor, currency));
}
