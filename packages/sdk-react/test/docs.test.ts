import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["../../docs/sdk/react.md", "README.md"];
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(root, ".docs-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The fenced tsx blocks of a page, in order. */
const examplesOf = (page: string): string[] =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```tsx\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

test("every example in the React documentation compiles, with the types of React 19 and of React 18", async () => {
  const examples = pages.flatMap((page) => examplesOf(page));
  expect(examples.length).toBeGreaterThan(15);
  const react18 = fileURLToPath(
    new URL("../../../e2e/sdk-react/react-18/node_modules/@types", import.meta.url),
  );
  const types = {
    "19": {},
    "18": { react: [join(react18, "react")], "react/*": [join(react18, "react/*")] },
  };
  for (const [version, react] of Object.entries(types)) {
    const at = join(folder, version);
    mkdirSync(at);
    for (const [index, code] of examples.entries()) writeFileSync(join(at, `example-${index}.tsx`), code);
    const config = {
      extends: "../../../../tsconfig.base.json",
      compilerOptions: {
        lib: ["ES2022", "DOM", "DOM.Iterable"],
        jsx: "react-jsx",
        // As an application sees them: the SDK as it is built, the bindings by their declarations.
        paths: { "@tollgate/sdk-react": ["../../src/index.ts"], ...react },
      },
      include: ["."],
    };
    writeFileSync(join(at, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", at]).catch(
      (failure: { stdout: string }) => failure,
    );
    expect(stdout, `React ${version}`).toBe("");
  }
}, 120_000);

test("the documentation has a section with an example for every hook and component", async () => {
  const text = readFileSync(join(root, pages[0]!), "utf8");
  const lines = readFileSync(join(root, "src/index.ts"), "utf8").replace(/export type \{[^}]*\}/g, "");
  const names = [...lines.matchAll(/\b(usePaywall\w*|Paywall(?:Gate|Button|SupportButton))\b/g)].map(
    ([name]) => name,
  );
  expect(new Set(names).size).toBe(13);
  for (const name of new Set(names)) {
    const section = text.split(`### ${name}\n`)[1]?.split(/^##/m)[0] ?? "";
    expect(section, name).toMatch(new RegExp(`\`\`\`tsx[\\s\\S]*${name}`));
  }
});
