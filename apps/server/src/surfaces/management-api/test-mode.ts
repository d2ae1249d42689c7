import { resetReaders as endpoint } from "@tollgate/protocol/management-api/test-mode";
import { publisherMode } from "../../domains/paywalls/index.ts";
import { resetReaders } from "../../domains/readers/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { carryOut } from "./carry-out.ts";
import type { Operations } from "./operations.ts";

/** What only a server in test mode has (publisher API §10). */
export function testModeOperations(deps: Deps, operations: Operations): void {
  operations.on(endpoint, async ({ tenant, mode, now }) => {
    if (mode === "live" || (await publisherMode(deps.db, tenant.id)) === "live") {
      throw new AppError(
        "vendor_is_live",
        409,
        "This vendor takes real money; its readers are not forgotten.",
      );
    }
    const { users, intentIds } = await resetReaders(deps, { tenantId: tenant.id, now });
    await carryOut(deps, intentIds);
    return { users };
  });
}
