export interface CheckoutReturn {
  status: string;
  priceId: string | null;
  sessionId: string | null;
}

const MARKERS = ["paywall_status", "paywall_price_id", "paywall_session_id"];

/**
 * Reads how a checkout ended from the address (the fragment wins over the query) and takes only its own
 * markers out of it: whatever else is there belongs to the host and stays as it is spelled. Null when there
 * are none. A marker is news, never proof: access still comes from the API. Never throws.
 */
export function takeCheckoutReturn(): CheckoutReturn | null {
  if (typeof location === "undefined") return null;
  const { pathname, search, hash } = location;
  const [query, fragment] = [search, hash].map((part) => new URLSearchParams(part.slice(1))) as [
    URLSearchParams,
    URLSearchParams,
  ];
  const source = fragment.has(MARKERS[0]!) ? fragment : query;
  const [status, priceId, sessionId] = MARKERS.map((name) => source.get(name));
  if (!status) return null;
  try {
    const cleaned = pathname + withoutMarkers(search) + withoutMarkers(hash);
    history.replaceState(history.state, "", cleaned);
  } catch {
    // A document that may not change its address keeps the markers; they are read once all the same.
  }
  return { status, priceId: priceId ?? null, sessionId: sessionId ?? null };
}

function withoutMarkers(part: string): string {
  const kept = part
    .slice(1)
    .split("&")
    .filter((pair) => !MARKERS.includes(pair.split("=")[0]!));
  return kept.join("") && part[0]! + kept.join("&");
}
