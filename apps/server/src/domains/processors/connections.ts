import { type Queryable, type Statement, sql } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import type { Connection } from "./port.ts";

const COLUMNS: Statement = {
  text: `c.id, c.tenant_id "tenantId", c.kind, c.mode, c.label, c.acquiring, c.state`,
  values: [],
  name: undefined,
};

/** A connection in any state: a disabled one still takes news about old contracts. */
export const findConnection = (q: Queryable, id: string): Promise<Connection | null> =>
  q.maybeOne<Connection>(sql`select ${COLUMNS} from processor_connections c where c.id = ${id}`);

export type RoutedConnection = Connection & { weight: number };

/** The connections that may take a new checkout on a paywall in this mode. */
export const listRoutableConnections = (
  q: Queryable,
  paywall: { id: string; tenantId: string },
  mode: Mode,
): Promise<RoutedConnection[]> =>
  q.query<RoutedConnection>(sql`
    select ${COLUMNS}, pc.weight from paywall_connections pc join processor_connections c on c.id = pc.connection_id
    where pc.paywall_id = ${paywall.id} and c.tenant_id = ${paywall.tenantId} and c.mode = ${mode}
      and c.state = 'active' and pc.weight > 0
    order by c.id`);

/** The connection whose traffic share `ticket` (0 ≤ ticket < sum of weights) falls into. */
export function pickByWeight<C extends { weight: number }>(
  connections: readonly C[],
  ticket: number,
): C | null {
  let upTo = 0;
  for (const connection of connections) {
    upTo += connection.weight;
    if (ticket < upTo) return connection;
  }
  return null;
}
