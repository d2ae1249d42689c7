/** A statement ready to run: text with $1…$n, its values, and a name when PostgreSQL may keep its plan. */
export type Statement = { text: string; values: unknown[]; name: string | undefined };

type Template = { text: string; name: string };
const templates = new WeakMap<TemplateStringsArray, Template>();
let count = 0;

// The texts that splicing has produced. A finite number as long as fragments come from the code; the bound
// keeps a statement whose text does vary from filling PostgreSQL's memory with plans.
const MAX_SPLICED = 500;
const spliced = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = spliced.get(text);
  if (known !== undefined || spliced.size >= MAX_SPLICED) return known;
  count += 1;
  spliced.set(text, `s${count}`);
  return `s${count}`;
}

function isStatement(value: unknown): value is Statement {
  return (
    typeof value === "object" && value !== null && "text" in value && "values" in value && "name" in value
  );
}

/**
 * Builds a statement from a template; every `${value}` becomes a parameter. Another statement as a value
 * is spliced in as a fragment, its parameters renumbered.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Statement {
  if (values.some(isStatement)) return splice(strings, values);
  let template = templates.get(strings);
  if (!template) {
    count += 1;
    template = { text: strings.reduce((text, part, i) => `${text}$${i}${part}`), name: `s${count}` };
    templates.set(strings, template);
  }
  return { text: template.text, values, name: template.name };
}

function splice(strings: TemplateStringsArray, values: unknown[]): Statement {
  let text = strings[0] ?? "";
  const flat: unknown[] = [];
  values.forEach((value, i) => {
    if (isStatement(value)) {
      text += value.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + flat.length}`);
      flat.push(...value.values);
    } else {
      flat.push(value);
      text += `$${flat.length}`;
    }
    text += strings[i + 1] ?? "";
  });
  return { text, values: flat, name: nameOf(text) };
}

/**
 * A statement whose text, with its $1…$n, is put together once: for the few that are asked thousands of times
 * a second.
 */
export function prepared(text: string): (...values: unknown[]) => Statement {
  count += 1;
  const name = `s${count}`;
  return (...values) => ({ text, values, name });
}

/** A value for a jsonb column; plain arrays would otherwise be taken for PostgreSQL arrays. */
export const json = (value: unknown): string => JSON.stringify(value);
