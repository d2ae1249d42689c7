/** WCAG relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const mix = (hex: string, toward: string, share: number): string => {
  const part = (at: number) => {
    const [from, to] = [hex, toward].map((color) => Number.parseInt(color.slice(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${part(1)}${part(3)}${part(5)}`;
};

const LIGHT_CARD = "#ffffff";
const DARK_CARD = "#18181b";
const DEFAULT_BRAND = "#4338ca";
const INK = "#18181b";
const PAPER = "#ffffff";

export type Accent = { accent: string; onAccent: string };

/** The brand colour, moved just far enough that it stands out from the card, and the text colour readable on it. */
function accentOn(brand: string, card: string, toward: string): Accent {
  let accent = brand;
  for (let share = 0; share <= 1 && contrast(accent, card) < 3; share += 0.1)
    accent = mix(brand, toward, share);
  const onAccent = contrast(accent, PAPER) >= contrast(accent, INK) ? PAPER : INK;
  return { accent, onAccent };
}

/** A merchant's colour made usable on light and dark pages; anything that is not `#rgb` or `#rrggbb` counts as unset. */
export function brandAccents(brandColor: string | null | undefined): { light: Accent; dark: Accent } {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(brandColor ?? "");
  const full = short
    ? `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`
    : (brandColor ?? "");
  const brand = /^#[0-9a-f]{6}$/i.test(full) ? full : DEFAULT_BRAND;
  return { light: accentOn(brand, LIGHT_CARD, "#000000"), dark: accentOn(brand, DARK_CARD, "#ffffff") };
}

const accentVariables = ({ accent, onAccent }: Accent): string =>
  `--accent:${accent};--on-accent:${onAccent};`;

/**
 * The style sheet of every hosted page. Pages use its classes and no `style` attributes, which the
 * content security policy refuses.
 */
export function pageStyles(brandColor: string | null | undefined): string {
  const { light, dark } = brandAccents(brandColor);
  return `
:root{color-scheme:light dark;${accentVariables(light)}
--page:#f4f4f5;--card:${LIGHT_CARD};--text:#18181b;--muted:#52525b;--line:#e4e4e7;--field:#ffffff;--field-line:#8e8e96;
--ok:#15803d;--ok-soft:#f0fdf4;--bad:#b91c1c;--bad-soft:#fef2f2;--warn:#92400e;--warn-soft:#fffbeb;--info-soft:#f4f4f5;
--shadow:0 1px 2px rgb(0 0 0/.05),0 12px 32px rgb(0 0 0/.06)}
@media screen and (prefers-color-scheme:dark){:root{${accentVariables(dark)}
--page:#09090b;--card:${DARK_CARD};--text:#fafafa;--muted:#a1a1aa;--line:#2e2e33;--field:#0f0f11;--field-line:#71717a;
--ok:#4ade80;--ok-soft:#0d2417;--bad:#f87171;--bad-soft:#2a1214;--warn:#fbbf24;--warn-soft:#271c07;--info-soft:#232327;
--shadow:0 0 0 1px var(--line)}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;background:var(--page);color:var(--text);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,ol,dl,dd,figure,fieldset{margin:0;padding:0}
h1{font-size:1.5rem;line-height:1.25;font-weight:700;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.0625rem;line-height:1.4;font-weight:650}
h3{font-size:.9375rem;font-weight:650}
a{color:inherit;text-underline-offset:3px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.test-banner{background:#fde68a;color:#451a03;text-align:center;padding:8px 16px;font-size:.875rem;font-weight:600}
.shell{flex:1;width:100%;max-width:472px;margin:0 auto;padding:32px 16px 24px;display:flex;flex-direction:column;gap:20px}
.shell.wide{max-width:792px}
@media (min-width:640px){.shell{padding-top:9vh}.shell.wide{padding-top:48px}}
.brand{display:flex;align-items:center;gap:10px;font-weight:650}
.brand img{height:32px;width:auto;max-width:160px;border-radius:6px}
.brand .mark{display:grid;place-items:center;width:32px;height:32px;border-radius:9px;background:var(--accent);
color:var(--on-accent);font-size:.9375rem;font-weight:700;flex:none}
.card{background:var(--card);border-radius:16px;box-shadow:var(--shadow);padding:24px}
@media (min-width:480px){.card{padding:32px}}
.stack{display:grid;gap:16px;min-width:0}.stack.tight{gap:6px}.stack.loose{gap:24px}
.lead,.muted{color:var(--muted)}.center .lead{text-wrap:balance}.small{font-size:.875rem}.center{text-align:center}.right{text-align:right}
.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}.num{font-variant-numeric:tabular-nums}
.field{display:grid;gap:6px;min-width:0}.field label,.label{font-size:.875rem;font-weight:600}
.field input,.field select,.field textarea{width:100%;min-height:46px;padding:10px 12px;border:1px solid var(--field-line);
border-radius:10px;background:var(--field);color:var(--text);font:inherit}
.field textarea{min-height:112px;resize:vertical}
.field input:focus-visible,.field select:focus-visible,.field textarea:focus-visible{outline-offset:0;border-color:transparent}
::placeholder{color:var(--muted);opacity:.85}
.field [aria-invalid=true]{border-color:var(--bad)}
.field .hint{font-size:.875rem;color:var(--muted)}.field .error,.error-text{font-size:.875rem;color:var(--bad)}
.fields{display:grid;gap:16px}@media (min-width:420px){.fields.two{grid-template-columns:1fr 1fr}}
.choice{display:flex;gap:12px;align-items:center;min-height:44px}
.choice input{width:20px;height:20px;accent-color:var(--accent);flex:none;margin:0}
.button{display:inline-flex;align-items:center;justify-content:center;gap:8px;min-height:46px;padding:10px 20px;border:1px solid transparent;
border-radius:10px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.button:hover{filter:brightness(1.06)}.button:active{filter:brightness(.95)}
.button.secondary{background:transparent;color:var(--text);border-color:var(--field-line)}
.button.danger{background:transparent;color:var(--bad);border-color:currentColor}
.button.block{width:100%}.button:disabled{opacity:.55;cursor:default}
.actions{display:flex;flex-wrap:wrap;gap:12px;align-items:center}
.alert{border-radius:10px;padding:12px 14px;background:var(--info-soft);font-size:.9375rem}
.alert.ok{background:var(--ok-soft);color:var(--ok)}.alert.bad{background:var(--bad-soft);color:var(--bad)}
.alert.warn{background:var(--warn-soft);color:var(--warn)}
.badge{display:inline-flex;align-items:center;padding:2px 10px;border-radius:999px;background:var(--info-soft);color:var(--muted);
font-size:.8125rem;font-weight:600;white-space:nowrap}
.badge.ok{background:var(--ok-soft);color:var(--ok)}.badge.bad{background:var(--bad-soft);color:var(--bad)}
.badge.warn{background:var(--warn-soft);color:var(--warn)}
.symbol{width:52px;height:52px;border-radius:50%;display:grid;place-items:center;font-size:1.5rem;line-height:1;background:var(--info-soft)}
.center>.symbol{margin-inline:auto}
.symbol.ok{background:var(--ok-soft);color:var(--ok)}.symbol.bad{background:var(--bad-soft);color:var(--bad)}
.symbol.warn{background:var(--warn-soft);color:var(--warn)}
.rows{display:grid}.rows>*{display:flex;justify-content:space-between;gap:16px;padding:12px 0;border-top:1px solid var(--line)}
.rows>*:first-child{border-top:0;padding-top:0}.rows>*:last-child{padding-bottom:0}
.rows+.rows{border-top:1px solid var(--line);padding-top:12px}.rows dt{color:var(--muted);overflow-wrap:break-word}.rows .total dt{color:inherit}.rows dd{text-align:right;min-width:0}.rows .total{font-weight:700}
.price{font-size:1.75rem;font-weight:700;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:.9375rem}
th{text-align:left;font-size:.8125rem;color:var(--muted);font-weight:600}th,td{padding:10px 12px 10px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}th:last-child,td:last-child{padding-right:0}
pre,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875rem}
pre{overflow-x:auto;padding:14px;border-radius:10px;background:var(--info-soft)}
hr{border:0;border-top:1px solid var(--line);margin:0}
summary{cursor:pointer;min-height:44px;display:flex;align-items:center}
.foot{color:var(--muted);font-size:.8125rem;text-align:center}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:no-preference){.button{transition:filter .12s}}
@media print{.foot,.actions,.test-banner{display:none}.card{box-shadow:none;padding:0}body{background:#fff}}
`.trim();
}
