import { defineConfig } from "vite";

const entry = { index: "src/index.ts", "core/index": "src/core/index.ts", "ui/index": "src/ui/index.ts" };

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // Readable for whoever debugs into it; the application's bundler minifies.
    minify: false,
    cssMinify: true,
    sourcemap: false,
    emptyOutDir: true,
    lib: {
      entry,
      formats: ["es", "cjs"],
      fileName: (format, name) => `${name}.${format === "es" ? "js" : "cjs"}`,
    },
    rollupOptions: { external: [/^preact(\/|$)/] },
  },
});
