export const DEFAULT_ACCENT = "#4353e0";

export type Rgb = [red: number, green: number, blue: number];

export const LIGHT_SURFACE: Rgb = [255, 255, 255];
export const DARK_SURFACE: Rgb = [28, 28, 32];
const WHITE: Rgb = [255, 255, 255];
const NEAR_BLACK: Rgb = [17, 17, 20];
const BLACK: Rgb = [0, 0, 0];
/** What WCAG 2.2 AA asks of text, and of shapes that have to be seen. */
const TEXT = 4.5;
const SHAPE = 3;

/**
 * Reads any opaque CSS colour, or null. The canvas is the browser's own parser: it never runs or loads what it
 * is given.
 */
export function parseColor(text: string): Rgb | null {
  const hex = /^#([\da-f])([\da-f])([\da-f])$|^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text.trim());
  if (hex)
    return hex
      .slice(1)
      .flatMap((part) => (part ? Number.parseInt(part.repeat(3 - part.length), 16) : [])) as Rgb;
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  const read = (start: string, color: string) => {
    context.fillStyle = start;
    context.fillStyle = color;
    return String(context.fillStyle);
  };
  // An unreadable colour leaves whatever was set before. Mixing turns every notation into sRGB.
  const srgb = `color-mix(in srgb,${text},${text})`;
  for (const color of [srgb, text]) {
    const found = read("#000", color);
    if (found !== read("#fff", color)) continue;
    const parts = /^color\(srgb (\S+) (\S+) (\S+)\)$/.exec(found);
    if (parts)
      return parts.slice(1).map((part) => Math.round(Math.min(1, Math.max(0, Number(part))) * 255)) as Rgb;
    if (found[0] === "#") return parseColor(found);
  }
  return null;
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

/** Moves a colour toward black or white, no further than it must to be told from the surface. */
export function visibleOn(color: Rgb, surface: Rgb, enough: number): Rgb {
  const target = luminance(surface) > 0.4 ? 0 : 255;
  let result = color;
  for (let step = 1; contrast(result, surface) < enough && step <= 20; step++)
    result = color.map((c) => Math.round(c + ((target - c) * step) / 20)) as Rgb;
  return result;
}

/** White where it can be read, else near-black, else black: one of them always can. */
export const textOn = (color: Rgb): Rgb =>
  [WHITE, NEAR_BLACK].find((ink) => contrast(color, ink) >= TEXT) ?? BLACK;

/** Everything that follows from an accent, by custom property. */
export function palette(accent: Rgb): Record<string, Rgb> {
  return {
    "--pw-accent": accent,
    "--pw-on-accent": textOn(accent),
    // The accent as text: links, the chosen plan, icons.
    "--pw-ink-light": visibleOn(accent, LIGHT_SURFACE, TEXT),
    "--pw-ink-dark": visibleOn(accent, DARK_SURFACE, TEXT),
    // The rim of a filled shape, which a white or yellow accent would lose on a white surface.
    "--pw-rim-light": visibleOn(accent, LIGHT_SURFACE, SHAPE),
    "--pw-rim-dark": visibleOn(accent, DARK_SURFACE, SHAPE),
  };
}

/** The custom properties of a brand colour, as declarations. An unreadable colour counts as none. */
export function accentProperties(brandColor: string | null | undefined): [name: string, value: string][] {
  const accent = (brandColor && parseColor(brandColor)) || parseColor(DEFAULT_ACCENT)!;
  return Object.entries(palette(accent)).map(([name, rgb]) => [name, `rgb(${rgb.join(" ")})`]);
}
