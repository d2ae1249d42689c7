import type { MeterPeriod } from "../../platform/calendar.ts";

/** So many different contents per window; what every reader may read before the paywall shows. */
export type Meter = {
  id: string;
  tenantId: string;
  key: string;
  maxReads: number;
  period: MeterPeriod;
  /** Whether readers who have not signed in get free reads at all. */
  anonymous: boolean;
  /** Further reads for those who have. */
  registeredBonus: number;
};

/** Reads per window of this reader. */
export const allowanceOf = (meter: Meter, signedIn: boolean): number =>
  signedIn ? meter.maxReads + meter.registeredBonus : meter.anonymous ? meter.maxReads : 0;
