import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours only where a person is looking. */
export const paint = (style: Style, text: string): string =>
  process.stdout.isTTY ? styleText(style, text) : text;

export const say = (line = ""): void => void process.stdout.write(`${line}\n`);
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Shows the step at hand: a spinner for a person, a line for a log. */
export function createProgress(): { step(text: string): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;
  const end = () => {
    clearInterval(timer);
    timer = undefined;
    if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
  };
  return {
    step(text) {
      if (!process.stdout.isTTY) return say(`  ${text} …`);
      end();
      timer = setInterval(() => {
        frame += 1;
        process.stdout.write(`\r\u001b[K  ${paint("cyan", FRAMES[frame % FRAMES.length]!)} ${text}`);
      }, 80);
    },
    end,
  };
}

/** Prints rows with their first column aligned. */
export function sayTable(rows: [string, string][]): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) say(`  ${paint("dim", label.padEnd(width))}  ${value}`);
}
