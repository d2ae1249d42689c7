import { formatMoney } from "../pricing.ts";

/** What the plans are written in, the commonest first: see styles.css. Another one is only drawn a little later. */
const FONTS =
  "400 16,400 14,680 22,620 16,620 17,540 16,680 31,680 26,600 13,540 14,450 14,400 15,700 15".split(",");

const steps: ((dialog: HTMLElement, locale?: string) => void)[] = [
  // The first number format of a page takes longer than everything else that the plans need.
  (_, locale) => formatMoney(1, "USD", locale),
  // Every family that our style sheet names is looked up when a weight and size of it is first drawn.
  ...FONTS.map((font) => (dialog: HTMLElement) => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return;
    context.font = `${font}px ${getComputedStyle(dialog).fontFamily}`;
    context.measureText("Ag");
  }),
];

/**
 * While the answer is under way: what the browser would otherwise prepare at the moment in which the plans appear.
 * One step after the other, so that nothing that happens meanwhile has to wait for more than one; every step once
 * per page. The result ends it.
 */
export function warmUp(dialog: HTMLElement, locale?: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = () => {
    timer = setTimeout(() => {
      steps.shift()!(dialog, locale);
      if (steps.length) next();
    });
  };
  if (steps.length) next();
  return () => clearTimeout(timer);
}
