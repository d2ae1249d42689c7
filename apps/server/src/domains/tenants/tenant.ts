import type { Clock } from "../../platform/clock.ts";

/**
 * How far an e-mail without proof is believed on the 3.x wire: never, from an address the customer used
 * in the last 30 days, with the merchant's signature, or always (as the reference does).
 */
export type HybridTrust = "none" | "recent" | "signed" | "legacy";

export type Tenant = {
  id: string;
  slug: string;
  name: string;
  status: "active" | "suspended" | "closing" | "erased";
  brandColor: string | null;
  currency: string;
  locale: string;
  timeZone: string;
  supportEmail: string | null;
  descriptor: string | null;
  graceDays: number;
  refundPolicy: "revoke" | "keep_until_period_end";
  hybridTrust: HybridTrust;
  /** Sealed under the context `tenant-hybrid:<id>`. */
  hybridSecretSealed: string | null;
  tiers: Record<string, 1 | 2 | 3>;
  clockOffsetMs: number;
  /** What it told about itself through the Management API. */
  website: string | null;
  country: string | null;
  /** How generous its readers may be, as far as it differs from what is usual (`links`). */
  giftPolicy: { perMonth?: number; opens?: number; days?: number };
};

/**
 * The time at which commerce happens for this tenant: real time plus its test clock's offset. Sessions and
 * access tokens stay on real time, so a merchant who moves the clock by a month stays signed in.
 */
export function tenantNow(clock: Clock, tenant: Pick<Tenant, "clockOffsetMs">): Date {
  return new Date(clock.now().getTime() + tenant.clockOffsetMs);
}
