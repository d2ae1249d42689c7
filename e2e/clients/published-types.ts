import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a method answered: `client.contracts.list` and the value. */
export type Answer = { method: string; value: unknown };

/**
 * What the TypeScript compiler says about these answers when each is taken for what the published SDK's declarations
 * promise of its method; one complaint per line, each with the method's name. Members that the declarations do not name
 * are allowed.
 */
export async function complaintsAbout(answers: readonly Answer[]): Promise<string[]> {
  mkdirSync(join(root, ".tollgate"), { recursive: true });
  // Inside the project, so that the compiler finds the SDK.
  const directory = mkdtempSync(join(root, ".tollgate/answers-"));
  const lines = answers.map(({ method, value }) => `is<${typeOf(method)}>()(${literal(value)});`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2023",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    // The published declarations do not compile by themselves.
    skipLibCheck: true,
    types: [],
  };
  try {
    writeFileSync(join(directory, "answers.ts"), [...PREFACE, ...lines, ""].join("\n"));
    writeFileSync(
      join(directory, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["answers.ts"] }),
    );
    const output = await new Promise<string>((resolve) => {
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const args = [tsc, "-p", directory, "--pretty", "false"];
      execFile(process.execPath, args, { cwd: directory, maxBuffer: 1 << 26 }, (_, said) => resolve(said));
    });
    return placed(output, answers);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const PREFACE = [
  'import type { client, management } from "@sesamy/sdk";',
  "type Apis = { client: ReturnType<typeof client>; management: ReturnType<typeof management> };",
  // Takes the value's own type, so that members beyond those of `T` are no mistake and literals stay what they are.
  "declare function is<T>(): <V extends T>(value: V) => void;",
];

/** `client.contracts.list` → what the promise of `Apis["client"]["contracts"]["list"]` holds. */
const typeOf = (method: string): string =>
  `Awaited<ReturnType<Apis${method
    .split(".")
    .map((name) => `["${name}"]`)
    .join("")}>>`;

/** A method that is declared to give nothing gives null where the answer was 204. */
const literal = (value: unknown): string => (value === null ? "undefined" : String(JSON.stringify(value)));

/** The compiler's complaints with the method in place of the line; what it adds below a complaint stays with it. */
function placed(output: string, answers: readonly Answer[]): string[] {
  const complaints: string[] = [];
  for (const line of output.split("\n")) {
    const [, at, text] = /^answers\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    const method = answers[Number(at) - PREFACE.length - 1]?.method;
    if (text !== undefined) complaints.push(`${method ?? "the test itself"}: ${text}`);
    else if (line.trim() !== "") complaints.push(`${complaints.pop() ?? ""}\n${line}`);
  }
  return complaints;
}
