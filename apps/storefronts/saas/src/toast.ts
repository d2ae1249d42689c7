import { $ } from "./dom.ts";

let timer: ReturnType<typeof setTimeout> | undefined;

/** A short message that a screen reader hears as well. */
export function toast(message: string): void {
  const element = $("#toast");
  element.textContent = message;
  element.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => element.classList.remove("shown"), 3500);
}
