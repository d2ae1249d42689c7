/** Bundles the bindings with a real React, new or old, for a page or for rendering on the server. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type InlineConfig } from "vite";

export const REACTS = ["19", "18"] as const;
export type ReactVersion = (typeof REACTS)[number];

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const homes = { "19": packages, "18": `${here}react-18/` };
const folderOf = (name: string, react: ReactVersion): string =>
  dirname(createRequire(`${homes[react]}package.json`).resolve(`${name}/package.json`));

const aliases = (react: ReactVersion) => [
  { find: /^react(?=\/|$)/, replacement: folderOf("react", react) },
  { find: /^react-dom(?=\/|$)/, replacement: folderOf("react-dom", react) },
  { find: "@tollgate/sdk-react", replacement: `${packages}sdk-react/src/index.ts` },
];

const config: InlineConfig = {
  root: here,
  configFile: false,
  logLevel: "error",
  // What React warns of, it warns of in development only.
  mode: "development",
  define: { "process.env.NODE_ENV": '"development"' },
};

/** The script of a page. The SDK is not in it: the page's import map leads to the one that the harness serves. */
export async function bundlePage(react: ReactVersion): Promise<string> {
  const { output } = (await build({
    ...config,
    resolve: { alias: aliases(react) },
    build: {
      write: false,
      target: "es2022",
      minify: false,
      modulePreload: false,
      rollupOptions: {
        input: `${here}in-page.ts`,
        external: [/^@tollgate\/sdk(\/|$)/],
        output: { codeSplitting: false },
      },
    },
  })) as { output: { code?: string }[] };
  return output[0]?.code ?? "";
}

/** A module that renders on the server, with React and the SDK in it, written to `outDir/on-server.js`. */
export async function bundleServer(react: ReactVersion, outDir: string): Promise<void> {
  await build({
    ...config,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    resolve: {
      alias: [...aliases(react), { find: "@tollgate/sdk/ui", replacement: `${packages}sdk/src/ui/index.ts` }],
    },
    ssr: { noExternal: true },
    build: {
      ssr: `${here}on-server.ts`,
      outDir,
      minify: false,
      rollupOptions: { output: { entryFileNames: "on-server.js", codeSplitting: false } },
    },
  });
}
