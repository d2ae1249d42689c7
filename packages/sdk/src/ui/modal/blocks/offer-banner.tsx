import { useEffect } from "preact/hooks";
import {
  type OfferBannerBlock,
  offerStartStorageKey,
  type PaywallBootstrap,
  type PaywallOffer,
  readBrowserOfferStart,
  resolveOffer,
} from "../../../core/index.ts";
import { Icon } from "../icons.tsx";
import type { BlockContext, BlockProps } from "./registry.tsx";

/** The first offer that has an end. */
export const timedOffer = ({ offers }: PaywallBootstrap): PaywallOffer | undefined =>
  offers.find((offer) => (offer.discount_percent ?? 0) > 0 && (offer.expires_at || offer.duration_minutes));

/** Starts a duration offer the first time it is seen; never again, so that reopening does not restart it. */
function startOffer({ id, expires_at, duration_minutes }: PaywallOffer): void {
  if (expires_at || !duration_minutes || readBrowserOfferStart(id)) return;
  try {
    localStorage.setItem(offerStartStorageKey(id), new Date().toISOString());
  } catch {
    // Without storage the offer cannot be timed, so it is not given.
  }
}

/** The days in the visitor's words, and the clock. */
function remaining(ms: number, locale?: string): [days: string, clock: string] {
  const seconds = Math.floor(ms / 1000);
  const part = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const days = hours < 48 ? 0 : Math.floor(hours / 24);
  const clock = [hours - days * 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const inWords = new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "narrow" });
  return [days ? inWords.format(days) : "", (days || clock[0] ? clock : clock.slice(1)).map(part).join(":")];
}

function Banner(props: { offer: PaywallOffer; title?: string; force?: boolean; ctx: BlockContext }) {
  const { offer, ctx } = props;
  useEffect(() => startOffer(offer), [offer.id]);
  // The effect above runs after the first drawing, which must show the same thing already.
  const readStart = (id: string) => readBrowserOfferStart(id) ?? new Date(ctx.now).toISOString();
  const live = resolveOffer(offer, { now: ctx.now, readStart });
  if (!live && !props.force) return null;
  const [days, clock] = remaining(live?.remainingMs ?? 0, ctx.locale);
  return (
    <div class="offer" role="status">
      <Icon name="clock" />
      <b>{props.title || offer.label || ctx.t("offer.limited_time")}</b>
      {live?.remainingMs != null && (
        <span class="ends">
          {ctx.t("offer.ends_in")} {/* Not announced every second. */}
          <time aria-hidden="true">
            {days && <bdi>{days}</bdi>} <bdi>{clock}</bdi>
          </time>
        </span>
      )}
    </div>
  );
}

/** Shown above the plans whenever an offer counts down, unless the layout has a banner for it itself. */
export function Countdown({ bootstrap, ctx }: { bootstrap: PaywallBootstrap; ctx: BlockContext }) {
  const offer = timedOffer(bootstrap);
  const placed = bootstrap.layout?.blocks.some(({ type }) => type === "offer_banner");
  return offer && !placed ? <Banner offer={offer} ctx={ctx} /> : null;
}

export function OfferBanner({ block, ctx }: BlockProps<OfferBannerBlock>) {
  const { offers } = ctx.bootstrap;
  const offer = block.offer_id ? offers.find(({ id }) => id === block.offer_id) : timedOffer(ctx.bootstrap);
  return offer ? <Banner offer={offer} title={block.title} force={block.force} ctx={ctx} /> : null;
}
