import { enableCompileCache } from "node:module";

// Stripped and compiled sources are kept between starts; everything else is loaded after this line.
enableCompileCache();
const { runServer } = await import("./cli/run-server.ts");
await runServer();
