import { auth, billing } from "./clients.ts";
import { $, onSubmit } from "./dom.ts";

/** Sends the person's message to whoever runs the shop. */
export function listenToSupport(): void {
  const form = $<HTMLFormElement>("#support-form");
  const email = $<HTMLInputElement>("#support-email");

  // Who is signed in writes from that address; the server would not believe another one.
  auth.onAuthChange((_event, session) => {
    const known = session?.user.email;
    email.readOnly = !!known;
    if (known) email.value = known;
  });

  onSubmit(form, async ({ email, subject, content }) => {
    await billing.createSupportTicket({ email, subject: subject!, content: content! });
    $("#support-done").textContent = `Thank you. We answer to ${email}.`;
    form.hidden = true;
  });
}
