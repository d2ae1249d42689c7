import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // Readable for whoever debugs into it; the application's bundler minifies.
    minify: false,
    sourcemap: false,
    emptyOutDir: true,
    lib: {
      entry: { index: "src/index.ts" },
      formats: ["es", "cjs"],
      fileName: (format, name) => `${name}.${format === "es" ? "js" : "cjs"}`,
    },
  },
});
