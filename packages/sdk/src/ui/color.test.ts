import { expect, test } from "vitest";
import { contrast, DARK_SURFACE, LIGHT_SURFACE, palette, parseColor, type Rgb } from "./color.ts";

/** The extremes, and colours all over the cube from a fixed seed. */
function colors(): Rgb[] {
  const steps = [0, 51, 102, 153, 204, 255];
  const grid = steps.flatMap((r) => steps.flatMap((g) => steps.map((b): Rgb => [r, g, b])));
  let seed = 20_261_122;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % 256;
  };
  return [...grid, ...Array.from({ length: 5000 }, (): Rgb => [next(), next(), next()])];
}

test("whatever the brand colour, text on it and in it can be read, and its shapes can be seen", () => {
  for (const color of colors()) {
    const made = palette(color);
    const of = (name: string, on: Rgb) => contrast(made[name]!, on);
    const worst = {
      onAccent: of("--pw-on-accent", made["--pw-accent"]!),
      light: of("--pw-ink-light", LIGHT_SURFACE),
      dark: of("--pw-ink-dark", DARK_SURFACE),
    };
    for (const [name, ratio] of Object.entries(worst))
      expect(ratio, `${name} of ${color}`).toBeGreaterThanOrEqual(4.5);
    expect(of("--pw-rim-light", LIGHT_SURFACE), `rim of ${color}`).toBeGreaterThanOrEqual(3);
    expect(of("--pw-rim-dark", DARK_SURFACE), `rim of ${color}`).toBeGreaterThanOrEqual(3);
    // The brand itself is left as it is.
    expect(made["--pw-accent"]).toEqual(color);
  }
});

test("a colour that is readable already is not changed", () => {
  expect(palette([67, 83, 224])["--pw-ink-light"]).toEqual([67, 83, 224]);
});

test("hexadecimal colours are read without a browser", () => {
  expect(parseColor("#4353e0")).toEqual([67, 83, 224]);
  expect(parseColor(" #FFF ")).toEqual([255, 255, 255]);
});
