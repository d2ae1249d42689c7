/**
 * Analytics: what clients saw and did, as they tell it. Nothing here is proof of anything: conversions and
 * revenue are counted from contracts and bills, joined by visitor and experiment.
 */
export { forgetErased } from "./follow-erasures.ts";
export { partitionJob } from "./partitions.ts";
export {
  anonymisePublisherEvents,
  clientOfEvent,
  countPublisherEvents,
  EVENT_TYPES,
  type EventFilter,
  forgetPublisherEvents,
  listPublisherEvents,
  type PublisherEvent,
  type PublisherEventType,
  recordPublisherEvents,
  senderOfEvent,
} from "./publisher-events.ts";
export { type ClientEvent, type EventBatch, recordClientEvents } from "./record-events.ts";
