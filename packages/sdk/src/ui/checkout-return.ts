export interface CheckoutReturn {
  status: string;
  priceId: string | null;
  sessionId: string | null;
}

const MARKERS = ["paywall_status", "paywall_price_id", "paywall_session_id"] as const;

/**
 * Reads how a checkout ended from the address (the fragment wins over the query) and takes only its own
 * markers out of it. Null when there are none. A marker is news, never proof: access still comes from the API.
 */
export function takeCheckoutReturn(): CheckoutReturn | null {
  if (typeof location === "undefined") return null;
  const url = new URL(location.href);
  const hash = new URLSearchParams(url.hash.slice(1));
  const source = hash.has(MARKERS[0]) ? hash : url.searchParams;
  const [status, priceId, sessionId] = MARKERS.map((name) => source.get(name));
  if (!status) return null;
  for (const name of MARKERS) {
    hash.delete(name);
    url.searchParams.delete(name);
  }
  url.hash = hash.toString();
  history.replaceState(history.state, "", url);
  return { status, priceId: priceId ?? null, sessionId: sessionId ?? null };
}
