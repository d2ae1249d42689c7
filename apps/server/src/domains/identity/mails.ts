import { type Mail, mailContent } from "../../platform/mail/index.ts";
import { type Paywall, paywallOrigin } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import type { Purpose } from "./one-time-codes.ts";

export type MailContext = {
  tenant: Pick<Tenant, "id" | "name" | "brandColor">;
  /** Whose host links lead to; null for this server's own. */
  paywall: Pick<Paywall, "host"> | null;
  baseUrl: string;
};

/** A sender's name goes into a subject; it must stay one line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

function linkOf(
  { paywall, baseUrl }: MailContext,
  page: "confirm" | "reset",
  type: string,
  token: string,
): string {
  const query = new URLSearchParams({ token_hash: token, type });
  return `${paywall ? paywallOrigin(paywall, baseUrl) : baseUrl}/paywall/v3/auth/${page}?${query}`;
}

type Wording = {
  template: string;
  subject: string;
  heading: string;
  paragraphs: string[];
  action: string;
  footer: string;
};

const NOT_YOU =
  "If you did not ask for this, you can ignore this mail: nothing happens without the code or the link.";

function wordingOf(purpose: Purpose, name: string, code: string): Wording {
  switch (purpose) {
    case "email":
      return {
        template: "otp_code",
        subject: `${code} is your code for ${name}`,
        heading: "Your sign-in code",
        paragraphs: [
          "Type this code where you asked for it. It works once, for one hour.",
          "Nobody from us will ever ask you for it.",
        ],
        action: "Confirm this address",
        footer: NOT_YOU,
      };
    case "signup":
    case "upgrade":
      return {
        template: "confirm_email",
        subject: `Confirm your address for ${name}`,
        heading: "Confirm your email address",
        paragraphs: [
          `Someone, hopefully you, used this address for an account at ${name}. Open the link within one hour, or type the code where you are asked for it.`,
        ],
        action: "Confirm this address",
        footer: `${NOT_YOU} Do not open the link: it would give the account to whoever created it.`,
      };
    case "recovery":
      return {
        template: "password_reset",
        subject: `Choose a new password for ${name}`,
        heading: "Choose a new password",
        paragraphs: [
          "Open the link within one hour to choose a new password, or type the code where you are asked for it.",
        ],
        action: "Choose a new password",
        footer: `${NOT_YOU} Your password stays as it is.`,
      };
  }
}

/** The mail that carries a proof: six digits and a link in every one of them. */
export function proofMail(
  context: MailContext,
  input: {
    email: string;
    purpose: Purpose;
    code: string;
    linkToken: string;
    /** A page that signs in with the link of a sign-in code, instead of the one that only confirms the address. */
    signInUrl?: ((linkToken: string) => string) | undefined;
  },
): Mail {
  const { purpose, code, linkToken } = input;
  const signInUrl = purpose === "email" ? input.signInUrl : undefined;
  const name = oneLine(context.tenant.name);
  const wording = wordingOf(purpose, name, code);
  const url =
    signInUrl?.(linkToken) ??
    (purpose === "recovery"
      ? linkOf(context, "reset", "recovery", linkToken)
      : linkOf(context, "confirm", purpose === "email" ? "magiclink" : "signup", linkToken));
  return {
    tenantId: context.tenant.id,
    recipient: input.email,
    template: wording.template,
    subject: wording.subject,
    code,
    links: [url],
    ...mailContent({
      brand: { name, color: context.tenant.brandColor },
      heading: wording.heading,
      paragraphs: wording.paragraphs,
      code,
      action: { label: signInUrl ? "Sign in" : wording.action, url },
      footer: wording.footer,
    }),
  };
}

function notice(
  context: MailContext,
  email: string,
  notice: { template: string; subject: string; heading: string; paragraphs: string[] },
): Mail {
  const name = oneLine(context.tenant.name);
  return {
    tenantId: context.tenant.id,
    recipient: email,
    template: notice.template,
    subject: notice.subject,
    ...mailContent({
      brand: { name, color: context.tenant.brandColor },
      heading: notice.heading,
      paragraphs: notice.paragraphs,
    }),
  };
}

const WAS_IT_YOU =
  "If this was you, there is nothing to do. If not, ask for a password reset where you sign in: choosing a new password by mail signs every device out.";

export const passwordChangedMail = (context: MailContext, email: string): Mail =>
  notice(context, email, {
    template: "password_changed",
    subject: `Your password for ${oneLine(context.tenant.name)} was changed`,
    heading: "Your password was changed",
    paragraphs: [WAS_IT_YOU],
  });

export const emailChangedMail = (context: MailContext, email: string): Mail =>
  notice(context, email, {
    template: "email_changed",
    subject: `The address of your account at ${oneLine(context.tenant.name)} was changed`,
    heading: "Your account has another address now",
    paragraphs: [
      "From now on mails about your account go to the new address, and this one no longer signs you in.",
      "If this was you, there is nothing to do. If not, write to us: somebody may have got into your account.",
    ],
  });

export const newSignInMail = (context: MailContext, email: string): Mail =>
  notice(context, email, {
    template: "new_device",
    subject: `New sign-in to ${oneLine(context.tenant.name)}`,
    heading: "New sign-in to your account",
    paragraphs: [
      "Your password was used on a device and network that we have not seen with your account before.",
      WAS_IT_YOU,
    ],
  });

const PROVIDER_NAMES = { google: "Google", apple: "Apple", github: "GitHub", facebook: "Facebook" } as const;

export function signInAddedMail(
  context: MailContext,
  email: string,
  provider: keyof typeof PROVIDER_NAMES,
): Mail {
  const name = PROVIDER_NAMES[provider];
  return notice(context, email, {
    template: "sign_in_added",
    subject: `${name} can now sign you in to ${oneLine(context.tenant.name)}`,
    heading: `Sign-in with ${name} was added`,
    paragraphs: [
      `Somebody who is signed in at ${name} can from now on open your account with it.`,
      "If this was you, there is nothing to do. If not, write to us: somebody may have got into one of your accounts.",
    ],
  });
}
