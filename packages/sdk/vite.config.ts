import { defineConfig } from "vite";

const entry = {
  index: "src/index.ts",
  "core/index": "src/core/index.ts",
  "ui/index": "src/ui/index.ts",
  "testing/index": "src/testing/index.ts",
};

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // Readable for whoever debugs into it; the application's bundler minifies.
    minify: false,
    cssMinify: true,
    sourcemap: false,
    emptyOutDir: true,
    lib: { entry },
    rollupOptions: {
      external: [/^preact(\/|$)/],
      output: [output("es", "js"), output("cjs", "cjs")],
    },
  },
});

/** Names without hashes: what is lazy (views, languages, sign-in windows) can be told apart in a network panel. */
function output(format: "es" | "cjs", extension: string) {
  return { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunks/[name].${extension}` };
}
