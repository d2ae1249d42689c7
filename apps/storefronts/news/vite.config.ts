import { defineConfig, type Plugin } from "vite";
import { renderEdition } from "./edition/print.ts";

/** Every page is printed once, with the names that the script and the styles were given. */
function printingPress(): Plugin {
  return {
    name: "printing-press",
    apply: "build",
    // After the styles have got their file.
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const script = files.find((file) => file.type === "chunk" && file.isEntry)?.fileName;
      const styles = files.find((file) => file.fileName.endsWith(".css"))?.fileName;
      if (!script || !styles) throw new Error("the newspaper has no script or no styles");
      for (const [fileName, source] of renderEdition({ script, styles })) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

export default defineConfig({
  // The server mounts the build under a path of its choice.
  base: "./",
  plugins: [printingPress()],
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { input: "src/main.ts" },
  },
});
