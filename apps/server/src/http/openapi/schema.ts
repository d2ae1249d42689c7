import type { JsonSchema } from "@tollgate/protocol/openapi";
import { html } from "hono/html";
import { type Markup, prose, slug } from "./markup.ts";

type Node = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  description?: string;
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
};

const nodeOf = (schema: JsonSchema): Node => schema as Node;
export const schemaName = (ref: string): string => ref.split("/").at(-1) ?? ref;
const variantsOf = (node: Node): Node[] | undefined => node.oneOf ?? node.anyOf;
const isNull = (node: Node): boolean => node.type === "null";
const isObject = (node: Node): boolean => node.type === "object" && node.properties !== undefined;

/** `string`, `"a" | "b"`, `array of Price`, `object or null`: the type in words, with links to named schemas. */
function typeOf(node: Node): Markup | Markup[] {
  if (node.$ref) return html`<a href="#schema-${slug(schemaName(node.$ref))}">${schemaName(node.$ref)}</a>`;
  if (node.allOf?.length === 1) return typeOf(node.allOf[0]!);
  if (node.const !== undefined) return html`<code>${JSON.stringify(node.const)}</code>`;
  if (node.enum)
    return node.enum.map(
      (value, index) => html`${index > 0 ? " or " : ""}<code>${JSON.stringify(value)}</code>`,
    );
  const variants = variantsOf(node);
  if (variants) return variants.map((variant, index) => html`${index > 0 ? " or " : ""}${typeOf(variant)}`);
  if (node.type === "array") return html`array of ${node.items ? typeOf(node.items) : "anything"}`;
  if (node.type === "object" && typeof node.additionalProperties === "object" && !node.properties) {
    return html`map of ${typeOf(node.additionalProperties)}`;
  }
  if (Array.isArray(node.type)) return html`${node.type.join(" or ")}`;
  if (node.type === "string" && node.format && ["date-time", "email", "uri", "uuid"].includes(node.format)) {
    return html`${node.format}`;
  }
  return html`${node.type ?? "anything"}`;
}

/** Bounds a caller can hit. Those of safe integers are left out: nobody hits them. */
function boundsOf(node: Node): string {
  const inner = variantsOf(node)?.find((variant) => !isNull(variant)) ?? node;
  const { minLength, maxLength, minimum, maximum, maxItems } = inner;
  const range = (low: number | undefined, high: number | undefined, unit: string): string[] => {
    const top = high !== undefined && high < Number.MAX_SAFE_INTEGER ? high : undefined;
    const bottom = low !== undefined && low > -Number.MAX_SAFE_INTEGER ? low : undefined;
    if (bottom !== undefined && top !== undefined) return [`${bottom} to ${top}${unit}`];
    if (top !== undefined) return [`at most ${top}${unit}`];
    return bottom !== undefined && bottom > (unit === "" ? 0 : 1) ? [`at least ${bottom}${unit}`] : [];
  };
  return [
    ...range(minLength, maxLength, " characters"),
    ...range(minimum, maximum, ""),
    ...range(undefined, maxItems, " entries"),
  ].join(", ");
}

type Row = { name: string; node: Node; required: boolean };

/** Properties in order, those of unnamed inner objects after their parent as `parent.child`. */
function rowsOf(node: Node, prefix = ""): Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const inner = variantsOf(property)?.find((variant) => isObject(variant)) ?? property;
    const item = inner.type === "array" && inner.items && isObject(inner.items) ? inner.items : null;
    const row = { name, node: property, required: node.required?.includes(key) ?? false };
    if (item) return [row, ...rowsOf(item, `${name}[].`)];
    return isObject(inner) ? [row, ...rowsOf(inner, `${name}.`)] : [row];
  });
}

/** One field or parameter: name, type, whether it must be there, and what there is to know. */
export function fieldRow(name: string, schema: JsonSchema, required: boolean, description?: string): Markup {
  const node = nodeOf(schema);
  const about = description ?? node.description;
  const bounds = boundsOf(node);
  return html`<div class="field">
<dt><code>${name}</code> <span class="type">${typeOf(node)}</span>${required ? html` <span class="required">required</span>` : ""}</dt>
${about || bounds ? html`<dd>${about ? prose(about) : ""}${about && bounds ? " " : ""}${bounds ? html`<span class="bounds">${bounds}</span>` : ""}</dd>` : ""}
</div>`;
}

function objectTable(node: Node): Markup {
  const rows = rowsOf(node);
  if (rows.length === 0) return html`<p class="muted">${typeOf(node)}</p>`;
  return html`<dl class="fields">${rows.map((row) => fieldRow(row.name, row.node, row.required))}</dl>`;
}

/** What tells one variant of a union from the others, such as `status: "signed_in"`. */
function variantTitle(node: Node, index: number): string {
  const constant = Object.entries(node.properties ?? {}).find(([, property]) => property.const !== undefined);
  if (!constant) return node.$ref ? schemaName(node.$ref) : `Form ${index + 1}`;
  return `${constant[0]}: ${JSON.stringify(constant[1].const)}`;
}

/** A schema in full. A named one is shown by its own fields; what it refers to is linked, not repeated. */
export function schemaTable(schema: JsonSchema, components: Record<string, JsonSchema>): Markup {
  const node = nodeOf(schema);
  if (node.$ref) {
    const named = components[schemaName(node.$ref)];
    return named ? schemaTable(named, components) : html`${typeOf(node)}`;
  }
  const variants = variantsOf(node)?.filter((variant) => !isNull(variant));
  if (!variants) return objectTable(node);
  return html`${variants.map(
    (variant, index) =>
      html`<details class="variant"${variants.length === 1 ? " open" : ""}><summary><code>${variantTitle(variant, index)}</code></summary>${schemaTable(variant, components)}</details>`,
  )}`;
}
