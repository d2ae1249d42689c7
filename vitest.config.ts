import { configDefaults, defineConfig } from "vitest/config";

/** Tests that need Chromium, wherever they live. */
const inBrowser = "**/*.browser.test.{ts,tsx}";

/** Slow machines are no failures: what is polled for may take its time. */
const patient = { poll: { timeout: 15_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "server",
          // The clients that need no browser are driven against a server of the same kind.
          include: ["apps/server/**/*.test.ts", "e2e/clients/**/*.test.ts"],
          exclude: [...configDefaults.exclude, inBrowser],
          globalSetup: ["./apps/server/test/global-setup.ts"],
          expect: patient,
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
          exclude: [...configDefaults.exclude, inBrowser],
          expect: patient,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          // The SDKs in Chromium against the real server.
          name: "sdk",
          include: [
            "e2e/sdk/**/*.test.{ts,tsx}",
            "e2e/sdk-react/**/*.test.{ts,tsx}",
            "e2e/packed/**/*.test.ts",
          ],
          globalSetup: ["./apps/server/test/global-setup.ts", "./e2e/sdk/global-setup.ts"],
          expect: patient,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // A browser and a server per file: more at once than cores only makes all of them late.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e",
          include: [
            "e2e/*.test.ts",
            "packages/**/*.browser.test.{ts,tsx}",
            "apps/**/*.browser.test.{ts,tsx}",
          ],
          expect: patient,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Browsers are heavy: two at once on a small machine only make both time out.
          fileParallelism: false,
        },
      },
    ],
  },
});
