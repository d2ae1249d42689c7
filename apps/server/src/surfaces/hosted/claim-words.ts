/** What the page says on which readers claim a code, per language; names in braces are filled in. */
const ENGLISH = {
  title: "Claim your access",
  lead: "You have a code from {name}. Sign in, and what it is good for is yours.",
  leadSignedIn: "You are signed in as {email}. The code from {name} can be claimed once.",
  signIn: "Sign in",
  claim: "Claim it",
  done: "It is yours",
  doneText: "You can read {title} now.",
  doneUntil: "You can read {title} until {date}.",
  unknown: "This code is not known, or no longer valid.",
  used: "This code has been used.",
  usedSignIn: "This code has been used. If it was you, sign in to see what you have.",
  unproven: "Confirm your e-mail address first, then open this page again.",
  back: "To {name}",
};

export type ClaimWords = typeof ENGLISH;

const SWEDISH: ClaimWords = {
  title: "Hämta din tillgång",
  lead: "Du har en kod från {name}. Logga in, så är det som den gäller ditt.",
  leadSignedIn: "Du är inloggad som {email}. Koden från {name} kan användas en gång.",
  signIn: "Logga in",
  claim: "Använd koden",
  done: "Det är ditt",
  doneText: "Nu kan du läsa {title}.",
  doneUntil: "Du kan läsa {title} till {date}.",
  unknown: "Koden är okänd eller gäller inte längre.",
  used: "Koden har redan använts.",
  usedSignIn: "Koden har redan använts. Var det du, logga in för att se vad du har.",
  unproven: "Bekräfta först din e-postadress och öppna sedan sidan igen.",
  back: "Till {name}",
};

const GERMAN: ClaimWords = {
  title: "Zugang einlösen",
  lead: "Sie haben einen Code von {name}. Melden Sie sich an, um ihn einzulösen.",
  leadSignedIn: "Sie sind als {email} angemeldet. Der Code von {name} gilt einmal.",
  signIn: "Anmelden",
  claim: "Einlösen",
  done: "Eingelöst",
  doneText: "Sie können jetzt {title} lesen.",
  doneUntil: "Sie können {title} bis zum {date} lesen.",
  unknown: "Dieser Code ist nicht bekannt oder nicht mehr gültig.",
  used: "Dieser Code wurde bereits eingelöst.",
  usedSignIn: "Dieser Code wurde bereits eingelöst. Wenn Sie das waren, melden Sie sich an.",
  unproven: "Bestätigen Sie zuerst Ihre E-Mail-Adresse, und öffnen Sie die Seite dann erneut.",
  back: "Zu {name}",
};

const LANGUAGES: Record<string, ClaimWords> = { en: ENGLISH, sv: SWEDISH, de: GERMAN };

export const claimWordsIn = (lang: string): { lang: string; words: ClaimWords } =>
  Object.hasOwn(LANGUAGES, lang) && LANGUAGES[lang]
    ? { lang, words: LANGUAGES[lang] }
    : { lang: "en", words: ENGLISH };
