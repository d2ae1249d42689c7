import { failWith } from "./failure.mjs";
import { endWithLauncher, ensureNode } from "./runtime.mjs";

/**
 * Everything between a fresh clone and a project that runs: a Node that is recent enough, the packages, and what has
 * to be built. Costs a few hundredths of a second when there is nothing to do. Ends the process when it cannot succeed.
 */
export async function prepare({ builds = true } = {}) {
  try {
    await ensureNode();
    endWithLauncher();
    const { ensureDependencies } = await import("./dependencies.mjs");
    await ensureDependencies();
    if (builds) await (await import("./builds.mjs")).ensureBuilds();
  } catch (error) {
    failWith(error);
  }
}
