/** The one element that the page certainly has. */
export function $<E extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): E {
  const element = within.querySelector<E>(selector);
  if (!element) throw new Error(`The page has no ${selector}`);
  return element;
}

/** Makes an element: `make("p", { className: "soft" }, "Hello ", strong)`. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string | false | null)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children.filter((child) => child !== false && child !== null));
  return element;
}

/** Says something at the top of the page; a screen reader hears it as well. */
export function announce(message: string, kind: "good" | "bad" | "busy" = "good"): void {
  const notice = $("#notice");
  notice.textContent = message;
  notice.dataset.kind = kind;
  notice.hidden = !message;
}

/**
 * Sends a form by our own hand: checks it as the browser would, keeps the button busy meanwhile, and shows
 * what went wrong beside the button.
 */
export function onSubmit(
  form: HTMLFormElement,
  send: (fields: Record<string, string>) => Promise<void>,
): void {
  const problem = $(".problem", form);
  const button = $<HTMLButtonElement>("button[type=submit]", form);
  const show = (message: string) => {
    problem.textContent = message;
    problem.hidden = !message;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.ariaDisabled === "true") return;
    const wrong = form.querySelector<HTMLInputElement>(":invalid");
    if (wrong) {
      show(wrong.validationMessage);
      wrong.focus();
      return;
    }
    show("");
    // Not `disabled`, which would drop the focus.
    button.ariaDisabled = "true";
    try {
      await send(Object.fromEntries(new FormData(form)) as Record<string, string>);
    } catch (error) {
      show(explain(error));
    } finally {
      button.ariaDisabled = null;
    }
  });
}

/** Every failure has a code; the sentence for the person is ours to choose. */
export function explain(error: unknown): string {
  const { code, status } = error as { code?: string; status?: number };
  switch (code) {
    case "invalid_otp":
    case "otp_expired":
    case "token_expired":
      return "That code does not work. Look for the newest mail, or ask for another code.";
    case "invalid_email":
      return "That does not look like an address.";
    case "already_purchased":
      return "You have this already.";
    case "popup_blocked":
      return "The browser blocked the window. Allow it, and try again.";
    case "network_error":
      return "There is no connection right now. Try again in a moment.";
  }
  if (status === 429) return "That was a little often. Try again in a few minutes.";
  return "That did not work. Try again in a moment.";
}
