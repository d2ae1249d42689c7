import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What set-up makes and may be deleted at any time. */
export const setupDir = join(root, ".tollgate");
