// Prints what an application pays for the bindings: everything they export, minified and compressed as its own
// build would, without React and the SDK, which it has anyway.
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The bindings as one chunk of an application. */
export async function bundleForApplication() {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rollupOptions: {
        input: `${root}src/index.ts`,
        external: [/^react(\/|$)/, /^@tollgate\/sdk(\/|$)/],
        preserveEntrySignatures: "strict",
      },
    },
  });
  return output.map((chunk) => chunk.code ?? chunk.source ?? "").join("");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundleForApplication();
  const kb = (bytes) => `${(bytes / 1000).toFixed(2)} KB`;
  const gzip = gzipSync(text, { level: 9 }).length;
  console.log(
    `sdk-react, all exports  min ${kb(Buffer.byteLength(text))}  gzip ${kb(gzip)}  brotli ${kb(brotliCompressSync(text).length)}`,
  );
  if (process.argv[2] === "--code") console.log(text);
}
