import { en, type StringKey } from "./en.ts";

export type { StringKey } from "./en.ts";
export type Params = Record<string, string | number>;
export type Translate = (key: StringKey, params?: Params) => string;

/** Looks a text up, in English where the language lacks it, and fills its `{placeholders}`. */
export const translator =
  (language: Partial<Record<StringKey, string>> = {}): Translate =>
  (key, params) =>
    (language[key] ?? en[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(params?.[name] ?? whole));
