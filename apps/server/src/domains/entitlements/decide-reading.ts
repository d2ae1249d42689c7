import type { Tx } from "../../platform/database/index.ts";
import type { Mode } from "../../platform/events.ts";
import { allowanceOf, type Meter, type MeterReader, peekReads, takeRead } from "../meters/index.ts";
import { type AccessReason, type AccessTarget, checkAccess } from "./check-access.ts";

export type ReadingDecision =
  | {
      open: true;
      reason: AccessReason | "registered" | "crawler" | "meter";
      /** Free reads that are left after this one. */
      remaining: number;
      /** Until when nothing will have changed by itself, on the tenant's clock; null when nothing ends it. */
      validToAt: Date | null;
    }
  | {
      open: false;
      remaining: 0;
      /** When free reads come back, on the tenant's clock; null where there are none. */
      renewsAt: Date | null;
    };

/**
 * May somebody read this, and does it cost them a free read? Rights are asked first and cost nothing, then whether
 * being signed in is enough, and the meter last. Repeating it changes nothing.
 */
export async function decideReading(
  tx: Tx,
  input: {
    tenantId: string;
    timeZone: string;
    mode: Mode;
    /** Null for somebody who has not signed in. */
    customerId: string | null;
    reader: MeterReader;
    /** A search engine's crawler, proved to be one: it may read what people may for nothing, and takes no free read. */
    isCrawler?: boolean;
    target: AccessTarget;
    /** What costs one free read, and no second one. */
    contentId: string;
    /** Whether whoever is signed in may read it. */
    registeredOnly: boolean;
    meter: Meter | null;
    now: Date;
  },
): Promise<ReadingDecision> {
  const { tenantId, timeZone, mode, customerId, reader, target, meter, now } = input;
  const left = () => (meter ? peekReads(tx, { meter, reader, now, timeZone }) : 0);
  const right =
    customerId === null ? null : await checkAccess(tx, { tenantId, mode, customerId, now, ...target });
  if (right?.granted) {
    return { open: true, reason: right.reason, remaining: await left(), validToAt: right.validToAt };
  }
  if (input.registeredOnly && reader.signedIn) {
    return { open: true, reason: "registered", remaining: await left(), validToAt: null };
  }
  if (!meter) return { open: false, remaining: 0, renewsAt: null };
  const { contentId } = input;
  const allowance = allowanceOf(meter, reader.signedIn);
  if (input.isCrawler && allowance > 0) {
    return { open: true, reason: "crawler", remaining: await left(), validToAt: null };
  }
  const verdict = await takeRead(tx, { meter, reader, contentId, now, timeZone });
  if (!verdict.allowed)
    return { open: false, remaining: 0, renewsAt: allowance > 0 ? verdict.renewsAt : null };
  return { open: true, reason: "meter", remaining: verdict.remaining, validToAt: verdict.renewsAt };
}
