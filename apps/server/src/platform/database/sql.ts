/** A statement ready to run: text with $1…$n, its values, and a name when PostgreSQL may keep its plan. */
export type Statement = { text: string; values: unknown[]; name: string | undefined };

type Template = { text: string; name: string };
const templates = new WeakMap<TemplateStringsArray, Template>();
let count = 0;

function isStatement(value: unknown): value is Statement {
  return (
    typeof value === "object" && value !== null && "text" in value && "values" in value && "name" in value
  );
}

/**
 * Builds a statement from a template; every `${value}` becomes a parameter. Another statement as a value
 * is spliced in as a fragment (its parameters renumbered), and the result then has no name, because its
 * text may differ from call to call.
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
  return { text, values: flat, name: undefined };
}

/** A value for a jsonb column; plain arrays would otherwise be taken for PostgreSQL arrays. */
export const json = (value: unknown): string => JSON.stringify(value);
