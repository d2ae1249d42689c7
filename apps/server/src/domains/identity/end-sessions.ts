import type { Deps } from "../../platform/deps.ts";
import { revokeAllSessions, revokeSession } from "./sessions.ts";

/** Signs one device out. */
export async function signOut(
  deps: Pick<Deps, "clock" | "db">,
  input: { tenantId: string; sessionId: string },
): Promise<void> {
  await deps.db.transaction((tx) =>
    revokeSession(tx, input.tenantId, input.sessionId, "signed_out", deps.clock.now()),
  );
}

/** Signs every device of the customer out. */
export async function signOutEverywhere(
  deps: Pick<Deps, "clock" | "db">,
  input: { tenantId: string; customerId: string },
): Promise<void> {
  await deps.db.transaction((tx) =>
    revokeAllSessions(tx, input.tenantId, input.customerId, "signed_out_everywhere", deps.clock.now()),
  );
}
