#!/usr/bin/env node
// The `tollgate` command of the installed package.
await import("../src/cli/main.ts");
