const FRESH_MS = 60_000;
const MAX_CHARS = 16 * 1024 * 1024;

/** Pages that several readers may see, for a minute and in this process. */
export type PageCache = { get(key: string): string | null; put(key: string, html: string): void };

export function createPageCache(now: () => number = () => performance.now()): PageCache {
  const pages = new Map<string, { html: string; untilMs: number }>();
  let chars = 0;
  const drop = (key: string): void => {
    chars -= pages.get(key)?.html.length ?? 0;
    pages.delete(key);
  };
  return {
    get(key) {
      const page = pages.get(key);
      if (page && page.untilMs > now()) return page.html;
      drop(key);
      return null;
    },
    put(key, html) {
      drop(key);
      if (html.length > MAX_CHARS) return;
      pages.set(key, { html, untilMs: now() + FRESH_MS });
      chars += html.length;
      // The oldest go first: a Map keeps the order in which they came.
      for (const oldest of pages.keys()) {
        if (chars <= MAX_CHARS) break;
        drop(oldest);
      }
    },
  };
}
