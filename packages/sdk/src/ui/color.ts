export const DEFAULT_ACCENT = "#4353e0";

type Rgb = [number, number, number];

const LIGHT_SURFACE: Rgb = [255, 255, 255];
const DARK_SURFACE: Rgb = [28, 28, 32];
/** What WCAG 2.2 AA asks of text. */
const ENOUGH = 4.5;

/** Reads any CSS colour, or null. The canvas is the browser's own parser: it never runs what it is given. */
function parseColor(text: string): Rgb | null {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  const read = (start: string) => {
    context.fillStyle = start;
    context.fillStyle = text;
    return context.fillStyle;
  };
  const color = read("#000");
  // An unreadable colour leaves whatever was set before.
  if (color !== read("#fff") || color[0] !== "#") return null;
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Rgb;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** Moves a colour toward black or white until it can be read on the surface. */
function readableOn(color: Rgb, surface: Rgb): Rgb {
  const target = luminance(surface) > 0.4 ? 0 : 255;
  let result = color;
  for (let step = 1; contrast(result, surface) < ENOUGH && step <= 20; step++)
    result = color.map((c) => Math.round(c + ((target - c) * step) / 20)) as Rgb;
  return result;
}

const css = (rgb: Rgb) => `rgb(${rgb.join(" ")})`;

/**
 * The custom properties that follow from a brand colour: the colour itself, the text on it, and shades of it
 * that can be read as text on the light and on the dark surface.
 */
export function accentProperties(brandColor: string | null | undefined): string {
  const accent = parseColor(brandColor || DEFAULT_ACCENT) ?? parseColor(DEFAULT_ACCENT);
  if (!accent) return "";
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [17, 17, 20];
  const on = contrast(accent, white) >= ENOUGH ? white : black;
  return [
    `--pw-accent:${css(accent)}`,
    `--pw-on-accent:${css(contrast(accent, on) >= ENOUGH ? on : white)}`,
    `--pw-ink-light:${css(readableOn(accent, LIGHT_SURFACE))}`,
    `--pw-ink-dark:${css(readableOn(accent, DARK_SURFACE))}`,
  ].join(";");
}
