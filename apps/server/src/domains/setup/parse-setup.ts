import { parseApplyFile } from "@tollgate/protocol/apply";
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import { AppError } from "../../platform/errors.ts";
import { parseMajor } from "../../platform/money.ts";
import { refuseCss } from "../paywalls/index.ts";
import type { Setup } from "./setup.ts";

type Path = (string | number)[];
type Problem = { path: Path; message: string };

export type ParsedSetup =
  | { ok: true; setup: Setup }
  /** Each is one line for a person: `line 12, column 5: tenants[0].products[0].sku: is required`. */
  | { ok: false; problems: string[] };

/**
 * Reads a set-up file: YAML, of which JSON is a part. All problems are reported at once, each with its place;
 * `name` is the file's, put in front of each when given.
 */
export function parseSetup(text: string, name?: string): ParsedSetup {
  const lines = new LineCounter();
  // No YAML 1.1 surprises (`no` is Norway), and no anchors that explode: 100 aliases are plenty.
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    uniqueKeys: true,
    prettyErrors: false,
  });
  const placed = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return `${name ? `${name}, ` : ""}line ${line}, column ${col}: ${message}`;
  };
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map((error) => placed(error.pos[0], error.message)) };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, problems: [placed(0, error instanceof Error ? error.message : "cannot be read")] };
  }
  const parsed = parseApplyFile(value);
  const problems = parsed.ok ? moreProblems(parsed.file) : parsed.problems;
  if (parsed.ok && problems.length === 0) return { ok: true, setup: parsed.file };
  return {
    ok: false,
    problems: problems
      .map(({ path, message }) => ({ offset: offsetOf(document.contents, path), path, message }))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, path, message }) =>
        placed(offset, path.length > 0 ? `${spell(path)}: ${message}` : message),
      ),
  };
}

const spell = (path: Path): string =>
  path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");

/** Where a path is written: the value, or the nearest thing around it when the value is what is missing. */
function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = (node.items as Pair[]).find(
        (it) => isScalar(it.key) && String(it.key.value) === String(part),
      );
      // A name is where people look, also when its value starts on the next line.
      const at = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
      if (at === undefined) return offset;
      offset = at;
      next = pair?.value;
    } else if (isSeq(node) && typeof part === "number") {
      next = node.items[part];
      const at = (next as Node | undefined)?.range?.[0];
      if (at === undefined) return offset;
      offset = at;
    } else return offset;
    node = next;
  }
  return offset;
}

/** What only the server knows about values: currencies' decimals and what style sheets may hold. */
function moreProblems(setup: Setup): Problem[] {
  const problems: Problem[] = [];
  const checkAmount = (amount: string, currency: string, path: Path) => {
    try {
      parseMajor(amount, currency);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ path, message: error.message });
    }
  };
  type Priced = { amount: string; local: { amount: string; currency: string }[] };
  const checkPrice = (option: Priced, currency: string, path: Path) => {
    checkAmount(option.amount, currency, [...path, "amount"]);
    option.local.forEach((row, i) => {
      checkAmount(row.amount, row.currency, [...path, "local", i, "amount"]);
    });
  };
  setup.tenants.forEach((tenant, t) => {
    tenant.paywalls.forEach((paywall, p) => {
      const path: Path = ["tenants", t, "paywalls", p];
      const css = paywall.customCss === undefined ? null : refuseCss(paywall.customCss);
      if (css) problems.push({ path: [...path, "customCss"], message: css });
      const currencies = new Map<string, string>();
      paywall.purchaseOptions.forEach((option, i) => {
        const currency = option.currency ?? paywall.currency ?? tenant.currency;
        currencies.set(option.key, currency);
        checkPrice(option, currency, [...path, "purchaseOptions", i]);
      });
      paywall.experiments.forEach((experiment, e) => {
        experiment.variants.forEach((variant, v) => {
          variant.options.forEach((option, o) => {
            const at: Path = [...path, "experiments", e, "variants", v, "options", o];
            checkPrice(option, currencies.get(option.replaces) ?? tenant.currency, at);
          });
        });
      });
    });
  });
  return problems;
}
