import { formatMoney } from "../pricing.ts";

/** The weights that the plans are written in: see styles.css. */
const WEIGHTS = [400, 540, 600, 620, 650, 680];

const steps: ((dialog: HTMLElement, locale?: string) => void)[] = [
  // The first number format of a page takes longer than everything else that the plans need.
  (_, locale) => formatMoney(1, "USD", locale),
  // Every weight of every font in the list is looked up when it is first drawn.
  ...WEIGHTS.map((weight) => (dialog: HTMLElement) => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return;
    context.font = `${weight} 16px ${getComputedStyle(dialog).fontFamily}`;
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
