import { defineConfig } from "vitest/config";

const globalSetup = ["./apps/server/test/global-setup.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "server",
          include: ["apps/server/**/*.test.ts"],
          globalSetup,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "packages",
          include: [
            "packages/**/*.test.{ts,tsx}",
            "apps/storefronts/**/*.test.{ts,tsx}",
            "scripts/**/*.test.mjs",
          ],
          exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts", "packages/**/*.browser.test.ts"],
          globalSetup,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Browsers are heavy: two at once on a small machine only make both time out.
          fileParallelism: false,
        },
      },
    ],
  },
});
