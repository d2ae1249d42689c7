/** What the list of devices says, per language; names in braces are filled in. */
const ENGLISH = {
  title: "Where you are signed in",
  lead: "{email} at {name}. If you do not know one of these, sign it out and choose a new password.",
  none: "Nobody is signed in anywhere.",
  thisDevice: "This device",
  unknown: "Unknown device",
  on: "{browser} on {system}",
  lastUsed: "Last used on {day}",
  from: "Last used on {day}, signed in from {country}",
  signOut: "Sign out",
  signOutOthers: "Sign out all others",
  signOutAll: "Sign out everywhere",
  oneGone: "That device is signed out.",
  othersGone: "All other devices are signed out.",
  everywhereTitle: "You are signed out everywhere",
  everywhereText: "Every device has to sign in again.",
};

export type DeviceWords = typeof ENGLISH;

const SWEDISH: DeviceWords = {
  title: "Var du är inloggad",
  lead: "{email} hos {name}. Känner du inte igen någon av dem: logga ut den och välj ett nytt lösenord.",
  none: "Ingen är inloggad någonstans.",
  thisDevice: "Den här enheten",
  unknown: "Okänd enhet",
  on: "{browser} på {system}",
  lastUsed: "Senast använd {day}",
  from: "Senast använd {day}, inloggad från {country}",
  signOut: "Logga ut",
  signOutOthers: "Logga ut alla andra",
  signOutAll: "Logga ut överallt",
  oneGone: "Enheten är utloggad.",
  othersGone: "Alla andra enheter är utloggade.",
  everywhereTitle: "Du är utloggad överallt",
  everywhereText: "Alla enheter måste logga in på nytt.",
};

const GERMAN: DeviceWords = {
  title: "Wo Sie angemeldet sind",
  lead: "{email} bei {name}. Wenn Sie eines nicht kennen: Melden Sie es ab und wählen Sie ein neues Passwort.",
  none: "Niemand ist irgendwo angemeldet.",
  thisDevice: "Dieses Gerät",
  unknown: "Unbekanntes Gerät",
  on: "{browser} auf {system}",
  lastUsed: "Zuletzt benutzt am {day}",
  from: "Zuletzt benutzt am {day}, angemeldet aus {country}",
  signOut: "Abmelden",
  signOutOthers: "Alle anderen abmelden",
  signOutAll: "Überall abmelden",
  oneGone: "Das Gerät ist abgemeldet.",
  othersGone: "Alle anderen Geräte sind abgemeldet.",
  everywhereTitle: "Sie sind überall abgemeldet",
  everywhereText: "Jedes Gerät muss sich neu anmelden.",
};

const LANGUAGES: Record<string, DeviceWords> = { en: ENGLISH, sv: SWEDISH, de: GERMAN };

export const deviceWordsIn = (lang: string): DeviceWords => LANGUAGES[lang] ?? ENGLISH;

const first = (text: string, known: [RegExp, string][]): string | null =>
  known.find(([pattern]) => pattern.test(text))?.[1] ?? null;

// Browsers name their ancestors, so the younger ones come first.
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrome\/|\bCriOS\/|\bChromium\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b|\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

/** "Firefox on Windows", as far as a browser's own word tells; nothing of the word itself is shown. */
export function deviceName(userAgent: string | null, words: DeviceWords): string {
  const browser = first(userAgent ?? "", BROWSERS);
  const system = first(userAgent ?? "", SYSTEMS);
  if (browser && system) return words.on.replace("{browser}", browser).replace("{system}", system);
  return browser ?? system ?? words.unknown;
}

/** "Sweden" in the reader's language. */
export function countryName(country: string, lang: string): string {
  try {
    return new Intl.DisplayNames([lang], { type: "region" }).of(country) ?? country;
  } catch {
    return country;
  }
}
