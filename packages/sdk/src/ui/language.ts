import type { PaywallBootstrap } from "../core/index.ts";
import { keys, shipped, type Texts, type Translate, translator } from "./strings/index.ts";

/** How the interface talks. */
export interface Speech {
  /** For `lang`. */
  tag: string;
  dir: "ltr" | "rtl";
  /** For `Intl`: the visitor's own region where it belongs to this language, so that prices look as at home. */
  locale: string;
  t: Translate;
}

/** How long a view may be held back for the texts to arrive in the visitor's language before it shows in English. */
export const HOLD_MS = 600;

const RIGHT_TO_LEFT = ["ar", "he"];
const isShipped = (tag: string | null | undefined): tag is string =>
  tag === "en" || (!!tag && Object.hasOwn(shipped, tag));
const withBase = (tag: string | null | undefined) =>
  typeof tag === "string" ? [tag, tag.split("-")[0]] : [];
const browserLanguage = (): string | undefined => globalThis.navigator?.language;

/**
 * The language of the interface: a forced one if there are texts for it; else the first of the browser's and
 * the country's that has texts, if the merchant has translated the paywall into it as well; else English. So
 * that two languages never mix in one dialog.
 */
export function resolveLanguage(
  bootstrap: PaywallBootstrap | null,
  forced?: string | null,
  browser = browserLanguage(),
): string {
  const chosen = withBase(forced).find(isShipped);
  if (chosen) return chosen;
  const locales = bootstrap?.locales ?? {};
  const wanted = [...withBase(browser), ...withBase(bootstrap?.settings.locale_default)];
  // English needs no texts, so it ends the search only where the merchant has it.
  const found = wanted.find((tag) => isShipped(tag) && (tag !== "en" || Object.hasOwn(locales, "en")));
  return found && Object.hasOwn(locales, found) ? found : "en";
}

/** What `resolveLanguage` will most likely say, before anything is known of the paywall. */
const likely = (): string => withBase(browserLanguage()).find(isShipped) ?? "en";

/** Texts by language, null where they did not arrive: one try per page. */
const arrived = new Map<string, Texts | null>();
const onTheWay = new Map<string, Promise<void>>();

function fetchTexts(tag: string): Promise<void> {
  const known = onTheWay.get(tag);
  if (known) return known;
  const load = async () => {
    try {
      const { default: texts } = await shipped[tag]!();
      arrived.set(tag, texts.length === keys.length ? texts : null);
    } catch {
      arrived.set(tag, null);
    }
  };
  const promise = load();
  onTheWay.set(tag, promise);
  return promise;
}

function speechOf(tag: string, texts?: Texts): Speech {
  const own = browserLanguage() ?? tag;
  const locale = own.split("-")[0] === tag ? own : tag;
  const rtl = RIGHT_TO_LEFT.includes(tag);
  return {
    tag,
    dir: rtl ? "rtl" : "ltr",
    // One kind of digits: the texts, the codes in mails and the merchant's own words use these.
    locale: tag === "ar" ? `${locale}-u-nu-latn` : locale,
    t: translator(tag, texts, rtl),
  };
}

export interface Language {
  current(): Speech;
  /** True while it would be too early to show words. Ends by itself. */
  held(): boolean;
  /** Decides for this content; null while it is still being loaded, which starts fetching the likely texts. */
  follow(bootstrap: PaywallBootstrap | null): void;
  force(tag: string | null): void;
  destroy(): void;
}

/** Decides which language one paywall speaks, and calls `onChange` when another one is to be drawn. */
export function createLanguage(onChange: () => void, forced: string | null = null): Language {
  const english = speechOf("en");
  let speech: Speech | null = null;
  let content: PaywallBootstrap | null = null;
  let decision = "";
  let holding: ReturnType<typeof setTimeout> | undefined;

  const release = () => {
    clearTimeout(holding);
    holding = undefined;
  };
  const hold = () => {
    release();
    holding = setTimeout(() => {
      release();
      onChange();
    }, HOLD_MS);
  };
  const speak = (tag: string, texts?: Texts | null) => {
    release();
    const next = texts ? tag : "en";
    if (speech?.tag !== next) speech = next === "en" ? english : speechOf(next, texts ?? undefined);
  };
  const decide = () => {
    const fixed = withBase(forced).find(isShipped);
    const tag = fixed ?? (content ? resolveLanguage(content) : likely());
    const sure = !!fixed || !!content || tag === "en";
    if (decision === tag + sure) return;
    decision = tag + sure;
    if (tag === "en" || (sure && arrived.has(tag))) return speak(tag, arrived.get(tag));
    if (!speech) hold();
    const mine = decision;
    void fetchTexts(tag).then(() => {
      if (!sure || decision !== mine) return;
      speak(tag, arrived.get(tag));
      onChange();
    });
  };

  return {
    current: () => speech ?? english,
    held: () => holding !== undefined,
    follow(bootstrap) {
      content = bootstrap ?? content;
      decide();
    },
    force(tag) {
      forced = tag;
      decide();
      onChange();
    },
    destroy: release,
  };
}
