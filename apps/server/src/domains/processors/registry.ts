import type { Deps } from "../../platform/deps.ts";
import type { Processor } from "./port.ts";
import { createSandbox } from "./sandbox/processor.ts";

export type ProcessorDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys">;

const ADAPTERS: Record<string, (deps: ProcessorDeps) => Processor> = { sandbox: createSandbox };

/** The adapter of a connection's kind. @throws when this build has none, which the schema of connections prevents. */
export function processorOf(deps: ProcessorDeps, kind: string): Processor {
  const create = ADAPTERS[kind];
  if (!create) throw new Error(`no adapter for processor "${kind}"`);
  return create(deps);
}
