import { PaywallButton } from "@tollgate/sdk-react";
import type { Model } from "./models.ts";
import type { Balance } from "./use-chat.ts";

/** What is left of each kind of answer; pressing it shows what more costs. */
export function Credits({ balances, models }: { balances: Balance[] | null; models: Model[] }) {
  const known = balances?.length ? balances : null;
  const countOf = (type: string) => known?.find((it) => it.type === type)?.count ?? 0;
  const isLow = known && models.every(({ type }) => countOf(type) <= 2);
  return (
    <PaywallButton className="credits" id="credits" skipTrial renew data-low={isLow || undefined}>
      {known ? (
        <>
          <span className="sr">Answers left: </span>
          {models.map(({ type, name }) => (
            <span key={type}>
              <b data-type={type}>{countOf(type)}</b> {name.toLowerCase()}{" "}
            </span>
          ))}
        </>
      ) : (
        <span>Free to try</span>
      )}
      <span className="sr"> Get more</span>
    </PaywallButton>
  );
}
