/** What the login page says, per language; names in braces are filled in. */
const ENGLISH = {
  title: "Sign in",
  lead: "Sign in to {name}, or create an account: your email address is all it takes.",
  email: "Email address",
  sendCode: "Continue with a code",
  usePassword: "Use my password",
  codeTitle: "Type your code",
  codeLead: "If {email} can receive mail from us, a six-digit code is on its way. It works for one hour.",
  code: "Six-digit code",
  signIn: "Sign in",
  again: "Send another code",
  passwordTitle: "Type your password",
  passwordLead: "For {email} at {name}. No password, or forgotten? Use a code instead.",
  password: "Password",
  useCode: "Use a code instead",
  otherEmail: "Use another address",
  badEmail: "Please type an email address, such as name@example.com.",
  wrongCode: "This code is not right or no longer works. Check it, or ask for another.",
  wrongPassword: "The address and the password do not fit together. Try again, or use a code.",
  unconfirmed: "This address is not confirmed yet. Use a code: it confirms the address and signs you in.",
  tooOften: "That was too often. Please wait a little and try again.",
  mailedJustNow: "A code was sent less than a minute ago. Please look into your mailbox first.",
};

export type LoginWords = typeof ENGLISH;

const SWEDISH: LoginWords = {
  title: "Logga in",
  lead: "Logga in på {name} eller skapa ett konto: det enda som behövs är din e-postadress.",
  email: "E-postadress",
  sendCode: "Fortsätt med en kod",
  usePassword: "Använd mitt lösenord",
  codeTitle: "Skriv in din kod",
  codeLead: "Om {email} kan ta emot post från oss är en sexsiffrig kod på väg. Den gäller i en timme.",
  code: "Sexsiffrig kod",
  signIn: "Logga in",
  again: "Skicka en ny kod",
  passwordTitle: "Skriv ditt lösenord",
  passwordLead: "För {email} hos {name}. Inget lösenord, eller glömt det? Använd en kod i stället.",
  password: "Lösenord",
  useCode: "Använd en kod i stället",
  otherEmail: "Använd en annan adress",
  badEmail: "Skriv en e-postadress, till exempel namn@example.com.",
  wrongCode: "Koden stämmer inte eller gäller inte längre. Kontrollera den eller be om en ny.",
  wrongPassword: "Adressen och lösenordet hör inte ihop. Försök igen eller använd en kod.",
  unconfirmed: "Adressen är inte bekräftad ännu. Använd en kod: den bekräftar adressen och loggar in dig.",
  tooOften: "Det blev för många försök. Vänta en stund och försök igen.",
  mailedJustNow: "En kod skickades för mindre än en minut sedan. Titta först i din inkorg.",
};

const GERMAN: LoginWords = {
  title: "Anmelden",
  lead: "Bei {name} anmelden oder ein Konto anlegen: Ihre E-Mail-Adresse genügt.",
  email: "E-Mail-Adresse",
  sendCode: "Weiter mit einem Code",
  usePassword: "Mein Passwort verwenden",
  codeTitle: "Code eingeben",
  codeLead:
    "Wenn {email} Post von uns empfangen kann, ist ein sechsstelliger Code unterwegs. Er gilt eine Stunde.",
  code: "Sechsstelliger Code",
  signIn: "Anmelden",
  again: "Neuen Code senden",
  passwordTitle: "Passwort eingeben",
  passwordLead: "Für {email} bei {name}. Kein Passwort oder vergessen? Nehmen Sie stattdessen einen Code.",
  password: "Passwort",
  useCode: "Stattdessen einen Code verwenden",
  otherEmail: "Andere Adresse verwenden",
  badEmail: "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
  wrongCode: "Dieser Code stimmt nicht oder gilt nicht mehr. Prüfen Sie ihn oder fordern Sie einen neuen an.",
  wrongPassword:
    "Adresse und Passwort passen nicht zusammen. Versuchen Sie es noch einmal oder nehmen Sie einen Code.",
  unconfirmed:
    "Diese Adresse ist noch nicht bestätigt. Nehmen Sie einen Code: Er bestätigt sie und meldet Sie an.",
  tooOften: "Das war zu oft. Bitte warten Sie ein wenig und versuchen Sie es noch einmal.",
  mailedJustNow:
    "Vor weniger als einer Minute wurde ein Code gesendet. Bitte sehen Sie zuerst in Ihr Postfach.",
};

const LANGUAGES: Record<string, LoginWords> = { en: ENGLISH, sv: SWEDISH, de: GERMAN };

/** The first language of `ui_locales`, else of the browser, that there are words in. */
export function wordsFor(
  locales: string | null,
  acceptLanguage: string | undefined,
): { lang: string; words: LoginWords } {
  const asked = [...(locales ?? "").split(/[\s,]+/), ...(acceptLanguage ?? "").split(",")];
  for (const it of asked) {
    const lang = it.trim().slice(0, 2).toLowerCase();
    const words = Object.hasOwn(LANGUAGES, lang) ? LANGUAGES[lang] : undefined;
    if (words) return { lang, words };
  }
  return { lang: "en", words: ENGLISH };
}

export const fill = (text: string, values: Record<string, string>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
