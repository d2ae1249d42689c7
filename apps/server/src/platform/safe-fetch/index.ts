/** Outbound HTTP to addresses that somebody else chose: public, https, no redirects, bounded in time and size. */
export { mayConnectTo } from "./outbound-address.ts";
export {
  createSafeFetch,
  OutboundRefused,
  refusalOf,
  type SafeFetch,
  type SafeRequest,
  type SafeResponse,
} from "./safe-fetch.ts";
