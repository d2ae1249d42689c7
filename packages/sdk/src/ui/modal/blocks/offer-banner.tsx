import { useState } from "preact/hooks";
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

const bannersOf = ({ layout }: PaywallBootstrap) =>
  (layout?.blocks ?? []).filter((block): block is OfferBannerBlock => block.type === "offer_banner");

const offerOf = (bootstrap: PaywallBootstrap, { offer_id }: Partial<OfferBannerBlock>) =>
  offer_id ? bootstrap.offers.find(({ id }) => id === offer_id) : timedOffer(bootstrap);

/** Starts what the banners are about to show, so that the first drawing has the lowered prices already. */
export function startOffers(bootstrap: PaywallBootstrap): void {
  const banners = bannersOf(bootstrap);
  for (const banner of banners.length ? banners : [{}]) {
    const offer = offerOf(bootstrap, banner);
    if (offer) startOffer(offer);
  }
}

/** The days in the visitor's words, and the clock. */
function remaining(ms: number, locale?: string): [days: string, clock: string] {
  const seconds = Math.floor(ms / 1000);
  const part = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const days = hours < 48 ? 0 : Math.floor(hours / 24);
  const clock = [hours - days * 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const words = { style: "unit", unit: "day", unitDisplay: "narrow" } as const;
  return [
    days ? days.toLocaleString(locale, words) : "",
    (days || clock[0] ? clock : clock.slice(1)).map(part).join(":"),
  ];
}

function Banner(props: { offer: PaywallOffer; title?: string; force?: boolean; ctx: BlockContext }) {
  const { offer, ctx } = props;
  const live = resolveOffer(offer, { now: ctx.now });
  const [days, clock] = remaining(live?.remainingMs ?? 0, ctx.locale);
  // Read out as it is found; not announced every second.
  const [found] = useState(`${days} ${clock}`);
  if (!live && !props.force) return null;
  return (
    <div class="offer" role="status">
      <Icon name="clock" />
      <b>{props.title || offer.label || ctx.t("offer.limited_time")}</b>
      {live?.remainingMs != null && (
        <span class="ends">
          {ctx.t("offer.ends_in")} <span class="sr">{found}</span>
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
  return offer && !bannersOf(bootstrap).length ? <Banner offer={offer} ctx={ctx} /> : null;
}

export function OfferBanner({ block, ctx }: BlockProps<OfferBannerBlock>) {
  const offer = offerOf(ctx.bootstrap, block);
  return offer ? <Banner offer={offer} title={block.title} force={block.force} ctx={ctx} /> : null;
}
