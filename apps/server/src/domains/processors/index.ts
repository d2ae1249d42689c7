/**
 * Processors: the companies that take payments, behind one port, and the door through which their news come.
 *
 * Invariants: a processor is never called inside a transaction; its answers are not the state, its signed
 * events are; every event is stored before it is applied, and applied at most once; test and live never mix.
 */
export {
  findConnection,
  listRoutableConnections,
  pickByWeight,
  type RoutedConnection,
} from "./connections.ts";
export {
  type Connection,
  type DisputeNews,
  type FailureCode,
  type MethodNews,
  type PaymentNews,
  type Processor,
  ProcessorError,
  type ProcessorEvent,
  type RefundNews,
  SESSION_PLACEHOLDER,
  type SessionRequest,
  type SubscriptionSnapshot,
  subjectOf,
} from "./port.ts";
export { processorEventJob, type ReceiveDeps, receiveProcessorEvent } from "./receive-processor-event.ts";
export { type ProcessorDeps, processorOf } from "./registry.ts";
export { runIntentNow } from "./run-intent-now.ts";
export { intentsJob, runIntents } from "./run-intents.ts";
export * from "./sandbox/index.ts";
