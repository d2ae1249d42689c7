import { defineConfig } from "vite";

export default defineConfig({
  // The server mounts the build under a path of its choice.
  base: "./",
  build: {
    target: "es2022",
    modulePreload: false,
    // "use client" speaks to server frameworks; here it may go without a warning.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: {
    proxy: {
      "/config.json": { target: "http://localhost:4400", rewrite: () => "/storefronts/chat/config.json" },
    },
  },
});
