import { type DeviceClass, placesInclude, type Tier, tierOf } from "../../platform/geo/index.ts";
import type { Paywall } from "./paywall.ts";

export type VisibilityVerdict = {
  visible: boolean;
  reason: "country_not_match" | "device_not_match" | "disabled" | null;
  country: string | null;
  tier: Tier | null;
};

/**
 * Whether a caller is meant to see a paywall, by the algorithm of paywall API §3.9: switched off? then the
 * device decides where device targeting is on, and the country only where it is not.
 */
export function decideVisibility(
  paywall: Pick<Paywall, "visible" | "settings">,
  caller: { country: string | null; device: DeviceClass },
  tiers: Readonly<Record<string, Tier>>,
): VisibilityVerdict {
  const { country } = caller;
  const reason = !paywall.visible
    ? "disabled"
    : paywall.settings.macOnly
      ? caller.device === "macos"
        ? null
        : "device_not_match"
      : countryMatches(paywall, country, tiers)
        ? null
        : "country_not_match";
  return { visible: reason === null, reason, country, tier: tierOf(country, tiers) };
}

/** Whether the country is in the paywall's allowed set; no restriction allows everywhere, the unknown included. */
export const countryMatches = (
  paywall: Pick<Paywall, "settings">,
  country: string | null,
  tiers: Readonly<Record<string, Tier>>,
): boolean => placesInclude(paywall.settings.countries ?? [], country, tiers);
