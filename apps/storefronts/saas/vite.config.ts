import { defineConfig } from "vite";

export default defineConfig({
  // The server mounts the build under a path of its choice.
  base: "./",
  // Inside this repository the SDK is used from its source; an app of your own needs none of this.
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2022", modulePreload: false },
  server: {
    proxy: {
      "/config.json": { target: "http://localhost:4400", rewrite: () => "/storefronts/saas/config.json" },
    },
  },
});
