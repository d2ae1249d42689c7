import type { Change, FieldChange } from "./setup.ts";

type Paint = (style: "green" | "yellow" | "red" | "dim", text: string) => string;

const MARKS = {
  create: ["+", "green", "new"],
  update: ["~", "yellow", "changed"],
  replace: [
    "±",
    "yellow",
    "replaced: it was sold, so a successor takes over and running contracts keep their terms",
  ],
  archive: ["-", "red", "not in the file any more"],
} as const;

const SECRET = /secret$/i;
const MAX_CHARS = 60;

function spell(path: string, value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  if (SECRET.test(path)) return "(secret)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ");
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line;
}

const renderField = ({ path, before, after }: FieldChange): string =>
  `      ${path}: ${spell(path, before)} → ${spell(path, after)}`;

/** What a new thing is, in a few words; its every field would bury the rest. */
function summary({ kind, values }: Change): string {
  const text = (value: unknown) => (value === null || value === undefined ? "" : String(value));
  switch (kind) {
    case "option":
      return `${text(values.amount)} ${text(values.currency)} / ${text(values.interval)}`;
    case "offer":
      return `${text(values.discountPercent)} % off`;
    case "webhook":
      return text(values.url);
    case "product":
      return text(values.title);
    case "content":
      return "";
    default:
      return text(values.name ?? values.label ?? "");
  }
}

/** The changes as a person reads them before saying yes. Secrets never appear. */
export function renderDiff(changes: Change[], paint: Paint = (_, text) => text): string {
  if (changes.length === 0) return "Nothing to change.";
  const lines: string[] = [];
  let tenant = "";
  for (const change of changes) {
    if (change.tenant !== tenant) {
      tenant = change.tenant;
      lines.push(tenant);
    }
    const [mark, style, words] = MARKS[change.action];
    const details = change.action === "create" ? summary(change) : words;
    lines.push(
      `  ${paint(style, mark)} ${change.kind} ${change.key}${details && paint("dim", `  ${details}`)}`,
    );
    if (change.action === "update" || change.action === "replace")
      lines.push(...change.fields.map(renderField));
  }
  const counts = (["create", "update", "replace", "archive"] as const)
    .map((action) => [changes.filter((it) => it.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${count} to ${action}`);
  return [...lines, "", `${counts.join(", ")}.`].join("\n");
}
