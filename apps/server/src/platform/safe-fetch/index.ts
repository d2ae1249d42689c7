/** Outbound HTTP to addresses that somebody else chose: public, https, bounded in time and size, at each hop. */
export { OutboundFailed, type OutboundFailure, OutboundRefused, refusalIn } from "./errors.ts";
export { mayConnectTo } from "./outbound-address.ts";
export {
  createSafeFetch,
  type ForwardRequest,
  refusalOf,
  type SafeFetch,
  type SafeRequest,
  type SafeResponse,
  type StreamRequest,
  type StreamResponse,
} from "./safe-fetch.ts";
