import type { AuthSession, OAuthProvider, PaywallError } from "@tollgate/sdk/core";
import { auth, billing } from "./clients.ts";
import { $, explain, make, onSubmit } from "./dom.ts";

const NAMES: Record<OAuthProvider, string> = {
  google: "Google",
  apple: "Apple",
  github: "GitHub",
  facebook: "Facebook",
};

const dialog = $<HTMLDialogElement>("#sign-in-dialog");
const emailForm = $<HTMLFormElement>("#email-form");
const codeForm = $<HTMLFormElement>("#code-form");
const email = $<HTMLInputElement>("#email");
const code = $<HTMLInputElement>("#code");

let resolve: ((session: AuthSession | null) => void) | undefined;

/** Asks who this is. Null when they close the dialog instead. `why` stands under its title. */
export async function signIn(why = "No password needed: we mail you a code."): Promise<AuthSession | null> {
  await auth.ready();
  const session = auth.getCachedSession();
  // A guest session belongs to nobody who could be billed.
  if (session && !session.user.is_anonymous) return session;
  $("#sign-in-why").textContent = why;
  email.value ||= (await auth.getLastLogin())?.email ?? "";
  showEmailStep();
  dialog.showModal();
  email.focus();
  void showProviders();
  return new Promise((done) => {
    resolve = done;
  });
}

function finish(session: AuthSession | null): void {
  resolve?.(session);
  resolve = undefined;
  dialog.close();
}

function showEmailStep(): void {
  codeForm.hidden = true;
  emailForm.hidden = $("#providers").hidden = false;
}

onSubmit(emailForm, async (fields) => {
  await auth.sendOtp({ email: fields.email! });
  $("#code-to").textContent = fields.email!;
  emailForm.hidden = $("#providers").hidden = true;
  codeForm.hidden = false;
  code.value = "";
  code.focus();
});

onSubmit(codeForm, async (fields) => {
  finish(await auth.verifyOtp({ email: email.value, token: fields.code! }));
});

// Six digits are a code: nobody should have to press a button after pasting it.
code.addEventListener("input", () => {
  if (/^\d{6}$/.test(code.value)) codeForm.requestSubmit();
});

$("#other-email").addEventListener("click", () => {
  showEmailStep();
  email.focus();
});

$("#sign-in-close").addEventListener("click", () => dialog.close());
// Esc ends here as well.
dialog.addEventListener("close", () => finish(null));

/** One button for each company whose sign-in the paywall offers. */
async function showProviders(): Promise<void> {
  const bootstrap = await billing.bootstrap().catch(() => null);
  const providers = bootstrap?.settings.auth_providers ?? [];
  const problem = make("p", { className: "problem", hidden: true, role: "alert" });
  const buttons = providers.map((provider) =>
    make("button", {
      type: "button",
      className: "plain",
      textContent: `Continue with ${NAMES[provider]}`,
      async onclick() {
        problem.hidden = true;
        try {
          finish(await auth.signInWithOAuth({ provider }));
        } catch (error) {
          const { code, message } = error as PaywallError;
          // Whoever closed the window, or pressed "Cancel" in it, knows that.
          if (code === "oauth_cancelled" || message.includes("access_denied")) return;
          problem.textContent = explain(error);
          problem.hidden = false;
        }
      },
    }),
  );
  $("#providers").replaceChildren(...buttons, problem);
}
