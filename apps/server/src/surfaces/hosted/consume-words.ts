/** What the pages that lead to a bought thing say, per language; names in braces are filled in. */
const ENGLISH = {
  opening: "Opening {title}",
  lead: "Sign in with the address that you bought it with, or buy it now.",
  leadNotSold: "Sign in with the address that you bought it with.",
  notYours: "You are signed in, but you do not have this.",
  signIn: "Sign in",
  buy: "Buy",
  back: "Back to {name}",
  spotifyTitle: "There is nothing to connect here",
  spotifyText:
    "{name} does not deliver to Spotify through this service. What you bought is on its own pages.",
};

export type ConsumeWords = typeof ENGLISH;

const SWEDISH: ConsumeWords = {
  opening: "Öppnar {title}",
  lead: "Logga in med adressen som du köpte med, eller köp nu.",
  leadNotSold: "Logga in med adressen som du köpte med.",
  notYours: "Du är inloggad men har inte det här.",
  signIn: "Logga in",
  buy: "Köp",
  back: "Tillbaka till {name}",
  spotifyTitle: "Det finns inget att koppla här",
  spotifyText:
    "{name} levererar inte till Spotify genom den här tjänsten. Det du har köpt finns på deras egna sidor.",
};

const GERMAN: ConsumeWords = {
  opening: "{title} wird geöffnet",
  lead: "Melden Sie sich mit der Adresse an, mit der Sie gekauft haben, oder kaufen Sie jetzt.",
  leadNotSold: "Melden Sie sich mit der Adresse an, mit der Sie gekauft haben.",
  notYours: "Sie sind angemeldet, haben dies aber nicht.",
  signIn: "Anmelden",
  buy: "Kaufen",
  back: "Zurück zu {name}",
  spotifyTitle: "Hier gibt es nichts zu verbinden",
  spotifyText:
    "{name} liefert über diesen Dienst nicht an Spotify. Was Sie gekauft haben, ist auf den eigenen Seiten.",
};

const LANGUAGES: Record<string, ConsumeWords> = { en: ENGLISH, sv: SWEDISH, de: GERMAN };

export const consumeWordsIn = (lang: string): { lang: string; words: ConsumeWords } =>
  Object.hasOwn(LANGUAGES, lang) && LANGUAGES[lang]
    ? { lang, words: LANGUAGES[lang] }
    : { lang: "en", words: ENGLISH };
