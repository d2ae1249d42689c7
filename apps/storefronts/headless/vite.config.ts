import { defineConfig } from "vite";

export default defineConfig({
  // The server mounts the build under a path of its choice.
  base: "./",
  build: { target: "es2022", modulePreload: false },
  server: {
    proxy: {
      "/config.json": { target: "http://localhost:4400", rewrite: () => "/storefronts/headless/config.json" },
    },
  },
});
