import { Fragment } from "preact";
import type { CtaButtonBlock } from "../../../core/index.ts";
import { chargeSummary, ctaLabel } from "../../pricing.ts";
import type { BlockProps } from "./registry.tsx";

/** The button, and beside it the sentence that says what will be charged and when. */
export function CtaButton({ block, ctx }: BlockProps<CtaButtonBlock>) {
  const { bootstrap, t, busy } = ctx;
  if (block.action === "close")
    return (
      <button type="button" class="secondary" onClick={() => ctx.onAction("close")}>
        {block.label || t("cta.close")}
      </button>
    );
  const id = block.priceId ?? ctx.selectedPriceId;
  const price = bootstrap.prices.find((candidate) => String(candidate.id) === String(id));
  const label = block.label || (price ? ctaLabel(price, bootstrap, t) : t("cta.continue"));
  return (
    <Fragment>
      {ctx.notice && (
        <p class="alert" role="alert">
          {ctx.notice}
        </p>
      )}
      <button
        type="button"
        class="primary cta"
        disabled={!price}
        aria-disabled={busy}
        aria-describedby="pw-charge"
        onClick={() => !busy && ctx.onAction("checkout", price?.id)}
      >
        {busy ? t("cta.opening") : label}
      </button>
      {price && (
        <p class="charge" id="pw-charge">
          {chargeSummary(price, bootstrap, t, ctx.locale, ctx.now)}
        </p>
      )}
    </Fragment>
  );
}
