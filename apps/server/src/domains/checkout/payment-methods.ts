import type { Queryable } from "../../platform/database/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import { listRoutableConnections, type RoutedConnection } from "../processors/index.ts";
import type { SessionDetails } from "./session.ts";

/** Every processor here has a page of its own for cards; wallets arrive there as cards. */
const METHODS = ["CARD"];

/** What a checkout can be paid with, after the filter that its page sent. */
export async function offeredMethods(
  q: Queryable,
  paywall: Paywall,
  details: Pick<SessionDetails, "paymentMethodsFilter">,
): Promise<{ provider: string; methods: string[]; connection: RoutedConnection }[]> {
  const filter = details.paymentMethodsFilter;
  const connections = await listRoutableConnections(q, paywall, paywall.paymentMode);
  return connections.flatMap((connection) => {
    const provider = connection.acquiring.toUpperCase();
    const methods = METHODS.filter(
      (method) =>
        !filter?.length ||
        filter.some(
          (it) =>
            (it.provider === undefined || it.provider.toUpperCase() === provider) &&
            (it.methods.length === 0 || it.methods.some((name) => isCard(name) === isCard(method))),
        ),
    );
    return methods.length === 0 ? [] : [{ provider, methods, connection }];
  });
}

const CARD_NAMES = new Set(["CARD", "APPLE-PAY", "GOOGLE-PAY"]);
const isCard = (name: string): boolean => CARD_NAMES.has(name.toUpperCase());
