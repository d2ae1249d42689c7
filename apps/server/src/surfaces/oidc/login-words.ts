/** What the login pages say, per language; names in braces are filled in. */
const ENGLISH = {
  title: "Sign in",
  lead: "Sign in to {name}, or create an account: your email address is all it takes.",
  email: "Email address",
  sendCode: "Continue with a code",
  usePassword: "Use my password",
  createWithPassword: "Create an account with a password",
  or: "or",
  continueWith: "Continue with {provider}",
  codeTitle: "Type your code",
  codeLead: "If {email} can receive mail from us, a six-digit code is on its way. It works for one hour.",
  code: "Six-digit code",
  signIn: "Sign in",
  again: "Send another code",
  passwordTitle: "Type your password",
  passwordLead: "For {email} at {name}. No password? Use a code instead.",
  password: "Password",
  forgot: "I forgot my password",
  useCode: "Use a code instead",
  otherEmail: "Use another address",
  signUpTitle: "Create an account",
  signUpLead: "For {name}. A code by mail confirms the address; your password works from then on.",
  newPassword: "New password",
  passwordHint: "At least {min} characters. Longer is better.",
  create: "Create my account",
  resetTitle: "Choose a new password",
  resetLead:
    "If {email} has an account at {name}, a six-digit code is on its way. All your other devices will be signed out.",
  resetAction: "Save and sign in",
  elsewhereTitle: "Go back to where you began",
  elsewhereText:
    "This link works in the browser that asked for it. There you can also type the code from the same mail.",
  usedTitle: "This link no longer works",
  usedText:
    "It was used before, or is older than an hour. Go back to where you sign in and ask for another mail.",
  badEmail: "Please type an email address, such as name@example.com.",
  shortPassword: "Choose a password of at least {min} characters.",
  longPassword: "This password is too long.",
  wrongCode: "This code is not right or no longer works. Check it, or ask for another.",
  wrongPassword: "The address and the password do not fit together. Try again, or use a code.",
  unconfirmed: "This address is not confirmed yet. Use a code: it confirms the address and signs you in.",
  tooOften: "That was too often. Please wait a little and try again.",
  mailedJustNow: "A code was sent less than a minute ago. Please look into your mailbox first.",
  providerCancelled: "The sign-in was cancelled. You can choose another way.",
  providerFailed: "That sign-in did not work. Try again, or choose another way.",
};

export type LoginWords = typeof ENGLISH;

const SWEDISH: LoginWords = {
  title: "Logga in",
  lead: "Logga in på {name} eller skapa ett konto: det enda som behövs är din e-postadress.",
  email: "E-postadress",
  sendCode: "Fortsätt med en kod",
  usePassword: "Använd mitt lösenord",
  createWithPassword: "Skapa ett konto med lösenord",
  or: "eller",
  continueWith: "Fortsätt med {provider}",
  codeTitle: "Skriv in din kod",
  codeLead: "Om {email} kan ta emot post från oss är en sexsiffrig kod på väg. Den gäller i en timme.",
  code: "Sexsiffrig kod",
  signIn: "Logga in",
  again: "Skicka en ny kod",
  passwordTitle: "Skriv ditt lösenord",
  passwordLead: "För {email} hos {name}. Inget lösenord? Använd en kod i stället.",
  password: "Lösenord",
  forgot: "Jag har glömt mitt lösenord",
  useCode: "Använd en kod i stället",
  otherEmail: "Använd en annan adress",
  signUpTitle: "Skapa ett konto",
  signUpLead: "Hos {name}. En kod med e-post bekräftar adressen; därefter gäller ditt lösenord.",
  newPassword: "Nytt lösenord",
  passwordHint: "Minst {min} tecken. Längre är bättre.",
  create: "Skapa mitt konto",
  resetTitle: "Välj ett nytt lösenord",
  resetLead:
    "Om {email} har ett konto hos {name} är en sexsiffrig kod på väg. Alla dina andra enheter loggas ut.",
  resetAction: "Spara och logga in",
  elsewhereTitle: "Gå tillbaka dit där du började",
  elsewhereText:
    "Länken fungerar i webbläsaren som bad om den. Där kan du också skriva koden från samma brev.",
  usedTitle: "Länken gäller inte längre",
  usedText:
    "Den är redan använd eller äldre än en timme. Gå tillbaka till inloggningen och be om ett nytt brev.",
  badEmail: "Skriv en e-postadress, till exempel namn@example.com.",
  shortPassword: "Välj ett lösenord med minst {min} tecken.",
  longPassword: "Lösenordet är för långt.",
  wrongCode: "Koden stämmer inte eller gäller inte längre. Kontrollera den eller be om en ny.",
  wrongPassword: "Adressen och lösenordet hör inte ihop. Försök igen eller använd en kod.",
  unconfirmed: "Adressen är inte bekräftad ännu. Använd en kod: den bekräftar adressen och loggar in dig.",
  tooOften: "Det blev för många försök. Vänta en stund och försök igen.",
  mailedJustNow: "En kod skickades för mindre än en minut sedan. Titta först i din inkorg.",
  providerCancelled: "Inloggningen avbröts. Du kan välja ett annat sätt.",
  providerFailed: "Inloggningen fungerade inte. Försök igen eller välj ett annat sätt.",
};

const GERMAN: LoginWords = {
  title: "Anmelden",
  lead: "Bei {name} anmelden oder ein Konto anlegen: Ihre E-Mail-Adresse genügt.",
  email: "E-Mail-Adresse",
  sendCode: "Weiter mit einem Code",
  usePassword: "Mein Passwort verwenden",
  createWithPassword: "Konto mit Passwort anlegen",
  or: "oder",
  continueWith: "Weiter mit {provider}",
  codeTitle: "Code eingeben",
  codeLead:
    "Wenn {email} Post von uns empfangen kann, ist ein sechsstelliger Code unterwegs. Er gilt eine Stunde.",
  code: "Sechsstelliger Code",
  signIn: "Anmelden",
  again: "Neuen Code senden",
  passwordTitle: "Passwort eingeben",
  passwordLead: "Für {email} bei {name}. Kein Passwort? Nehmen Sie stattdessen einen Code.",
  password: "Passwort",
  forgot: "Ich habe mein Passwort vergessen",
  useCode: "Stattdessen einen Code verwenden",
  otherEmail: "Andere Adresse verwenden",
  signUpTitle: "Konto anlegen",
  signUpLead: "Bei {name}. Ein Code per Mail bestätigt die Adresse; ab dann gilt Ihr Passwort.",
  newPassword: "Neues Passwort",
  passwordHint: "Mindestens {min} Zeichen. Länger ist besser.",
  create: "Konto anlegen",
  resetTitle: "Neues Passwort wählen",
  resetLead:
    "Wenn {email} ein Konto bei {name} hat, ist ein sechsstelliger Code unterwegs. Alle Ihre anderen Geräte werden abgemeldet.",
  resetAction: "Speichern und anmelden",
  elsewhereTitle: "Zurück zum Anfang",
  elsewhereText:
    "Dieser Link gilt im Browser, der ihn angefordert hat. Dort können Sie auch den Code aus derselben Mail eingeben.",
  usedTitle: "Dieser Link gilt nicht mehr",
  usedText:
    "Er wurde schon benutzt oder ist älter als eine Stunde. Gehen Sie zur Anmeldung zurück und fordern Sie eine neue Mail an.",
  badEmail: "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.",
  shortPassword: "Wählen Sie ein Passwort mit mindestens {min} Zeichen.",
  longPassword: "Dieses Passwort ist zu lang.",
  wrongCode: "Dieser Code stimmt nicht oder gilt nicht mehr. Prüfen Sie ihn oder fordern Sie einen neuen an.",
  wrongPassword:
    "Adresse und Passwort passen nicht zusammen. Versuchen Sie es noch einmal oder nehmen Sie einen Code.",
  unconfirmed:
    "Diese Adresse ist noch nicht bestätigt. Nehmen Sie einen Code: Er bestätigt sie und meldet Sie an.",
  tooOften: "Das war zu oft. Bitte warten Sie ein wenig und versuchen Sie es noch einmal.",
  mailedJustNow:
    "Vor weniger als einer Minute wurde ein Code gesendet. Bitte sehen Sie zuerst in Ihr Postfach.",
  providerCancelled: "Die Anmeldung wurde abgebrochen. Sie können einen anderen Weg wählen.",
  providerFailed:
    "Diese Anmeldung hat nicht geklappt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.",
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
