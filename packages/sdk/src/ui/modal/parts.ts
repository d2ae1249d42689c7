import { lazyPart } from "./lazy.tsx";

/** Not needed to show the plans, so not waited for. */
export const authPart = lazyPart(() => import("./auth/index.ts"));
export const supportPart = lazyPart(() => import("./support/index.ts"));
export const paymentPart = lazyPart(() => import("./payment/index.ts"));

/** Fetches what will probably be needed next, when the browser has nothing better to do. */
export function prefetchParts(withAuth: boolean): () => void {
  const work = () => {
    const parts = [paymentPart, supportPart, ...(withAuth ? [authPart] : [])];
    // A failure shows, with a way out, only to whoever needs the part.
    for (const part of parts) part.load().catch(() => {});
  };
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(work, { timeout: 2000 });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(work, 300);
  return () => clearTimeout(timer);
}
