/**
 * Analytics: what clients saw and did, as they tell it. Nothing here is proof of anything: conversions and
 * revenue are counted from contracts and bills, joined by visitor and experiment.
 */
export { partitionJob } from "./partitions.ts";
export { type ClientEvent, type EventBatch, recordClientEvents } from "./record-events.ts";
