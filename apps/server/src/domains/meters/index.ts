/**
 * Meters: the leaky paywall's count of what a reader has read for nothing.
 *
 * Invariants: one content costs one read per window, whoever asks and however often; a reader never gets more different
 * contents per window than their allowance, also when calls arrive at once from several devices; the client counts
 * nothing.
 */
export {
  createMeter,
  findManagedMeter,
  listMeters,
  type ManagedMeter,
} from "./manage-meters.ts";
export { allowanceOf, type Meter } from "./meter.ts";
export { findMeter, findMeterById, saveMeter } from "./queries.ts";
export { forgetReads, type MeterReader, type MeterVerdict, peekReads, takeRead } from "./take-read.ts";
