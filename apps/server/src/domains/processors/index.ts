/**
 * Processors: the companies that take payments, behind one port. Their news are heard by billing.
 *
 * Invariants: a processor is never called inside a transaction; its answers are not the state, its signed
 * events are; test and live never mix.
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
export { type ProcessorDeps, processorOf } from "./registry.ts";
export * from "./sandbox/index.ts";
