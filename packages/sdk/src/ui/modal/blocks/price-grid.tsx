import { useRef } from "preact/hooks";
import type { PriceGridBlock } from "../../../core/index.ts";
import { describePrice } from "../../pricing.ts";
import type { BlockProps } from "./registry.tsx";

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** The plans as one group of radios: a single Tab stop, arrows to choose. */
export function PriceGrid({ block, ctx }: BlockProps<PriceGridBlock>) {
  const group = useRef<HTMLDivElement>(null);
  const { bootstrap, t, selectedPriceId } = ctx;
  const wanted = block.priceIds ?? [];
  const prices = bootstrap.prices.filter(({ id }) => !wanted.length || wanted.includes(id));
  if (!prices.length) return <p class="empty">{t("pricing.no_prices")}</p>;
  const chosen = prices.some(({ id }) => id === selectedPriceId) ? selectedPriceId : prices[0]!.id;
  const columns = block.view === "horizontal" ? Math.min(3, prices.length) : 1;

  const move = (event: KeyboardEvent, index: number) => {
    const mirrored =
      ["ArrowLeft", "ArrowRight"].includes(event.key) && getComputedStyle(group.current!).direction === "rtl";
    const step = (STEPS[event.key] ?? 0) * (mirrored ? -1 : 1);
    const target = event.key === "Home" ? 0 : event.key === "End" ? prices.length - 1 : index + step;
    if (target === index && event.key !== " " && !step) return;
    event.preventDefault();
    const next = prices[(target + prices.length) % prices.length]!;
    ctx.setSelectedPriceId(next.id);
    const radios = group.current!.querySelectorAll<HTMLElement>("[role=radio]");
    radios[prices.indexOf(next)]?.focus();
  };

  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={t("pricing.plans_aria")}
      class={`prices ${block.view ?? "vertical"}`}
      style={{ "--columns": columns }}
    >
      {prices.map((price, index) => {
        const plan = describePrice(price, bootstrap, t, ctx.locale, ctx.now);
        const popular = block.popular_price_id === price.id;
        const checked = price.id === chosen;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a card with several lines is no input element.
          <div
            key={price.id}
            role="radio"
            aria-checked={checked}
            tabIndex={checked ? 0 : -1}
            class="plan"
            onClick={() => ctx.setSelectedPriceId(price.id)}
            onKeyDown={(event) => move(event, index)}
          >
            {popular && <span class="tag">{block.popular_label || t("pricing.most_popular")}</span>}
            <span class="dot" aria-hidden="true" />
            <span class="what">
              <span class="name">
                {plan.label}
                {plan.badge && <span class="pill">{plan.badge}</span>}
              </span>
              {plan.description && <small>{plan.description}</small>}
            </span>
            <span class="cost">
              <span class="figure">
                {plan.before && (
                  <s>
                    <span class="sr">{t("pricing.was")} </span>
                    {plan.before}
                  </s>
                )}
                <b>{plan.amount}</b>
              </span>
              <small>{plan.per}</small>
              {plan.total && <small class="total">{plan.total}</small>}
            </span>
          </div>
        );
      })}
    </div>
  );
}
