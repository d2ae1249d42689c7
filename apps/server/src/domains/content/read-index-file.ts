import { Parser } from "htmlparser2";

/** An address in a sitemap or a feed, with what the file says about it. */
export type FoundPage = {
  url: string;
  title?: string;
  publishedAt?: Date;
  section?: string;
  cover?: string;
};

export type IndexFile = {
  pages: FoundPage[];
  /** Further sitemaps, those that changed last first. */
  sitemaps: { url: string; changedAt: Date | null }[];
  /** Whether it is a sitemap or a feed at all. */
  recognised: boolean;
  /** There was more than we take. */
  cut: boolean;
};

const TEXT_CHARS = 4096;
const MAX_SITEMAPS = 1000;

/** Elements that hold one page, and those inside that we read, by the local part of their names. */
const ENTRIES = new Set(["url", "item", "entry", "sitemap"]);

const ROOTS = new Set(["urlset", "sitemapindex", "rss", "RDF", "feed"]);

type Entry = { name: string; texts: Record<string, string>; link: string | null; cover: string | null };

/**
 * Reads a sitemap, an index of sitemaps, RSS or Atom as it arrives. XML that is not well-formed is read as far as it
 * goes; entities beyond the five of XML mean nothing, so none can explode.
 *
 * @param maxPages after so many the rest is left out
 */
export function createIndexReader(maxPages: number) {
  const file: IndexFile = { pages: [], sitemaps: [], recognised: false, cut: false };
  const path: string[] = [];
  let entry: Entry | null = null;
  let depth = 0;

  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const name = localName(tag);
        path.push(name);
        if (path.length === 1) file.recognised = ROOTS.has(name);
        if (!file.recognised) return;
        if (!entry && ENTRIES.has(name)) {
          entry = { name, texts: {}, link: null, cover: null };
          depth = path.length;
          return;
        }
        if (!entry) return;
        const { href, rel, url, type = "", medium } = attributes;
        // Atom says it in attributes; of several links the page itself is the alternate one.
        if (name === "link" && href && (rel === undefined || rel === "alternate")) entry.link ??= href;
        const isPicture = type.startsWith("image/") || medium === "image" || name === "thumbnail";
        if (url && isPicture) entry.cover ??= url;
        if (name === "category" && attributes.term) entry.texts.category ??= attributes.term;
      },
      ontext(text) {
        const name = path.at(-1);
        // Titles of pictures and videos are deeper down.
        if (!entry || !name || path.length > depth + 2) return;
        const parent = path.length === depth + 2 ? `${path.at(-2)}.` : "";
        const key = parent + name;
        const before = entry.texts[key] ?? "";
        if (before.length < TEXT_CHARS) entry.texts[key] = (before + text).slice(0, TEXT_CHARS);
      },
      onclosetag() {
        if (entry && path.length === depth) {
          take(entry);
          entry = null;
        }
        path.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );

  function take({ name, texts, link, cover }: Entry): void {
    const text = (...names: string[]) => names.map((it) => texts[it]?.trim()).find(Boolean);
    const guid = text("guid");
    const url = text("loc", "link") ?? link ?? (guid && URL.canParse(guid) ? guid : undefined);
    if (!url) return;
    const when = instantOf(
      text("news.publication_date", "pubDate", "published", "date", "updated", "lastmod"),
    );
    if (name === "sitemap") {
      if (file.sitemaps.length < MAX_SITEMAPS) file.sitemaps.push({ url, changedAt: when ?? null });
      else file.cut = true;
      return;
    }
    if (file.pages.length >= maxPages) {
      file.cut = true;
      return;
    }
    const title = plain(text("news.title", "title"));
    const section = plain(text("category"));
    const picture = cover ?? text("image.loc") ?? null;
    file.pages.push({
      url,
      ...(title && { title }),
      ...(when && { publishedAt: when }),
      ...(section && { section: section.slice(0, 200) }),
      ...(picture && { cover: picture }),
    });
  }

  return {
    write: (text: string): void => parser.write(text),
    end(): IndexFile {
      parser.end();
      file.sitemaps.sort((a, b) => (b.changedAt?.getTime() ?? 0) - (a.changedAt?.getTime() ?? 0));
      return file;
    },
  };
}

const localName = (tag: string): string => tag.slice(tag.indexOf(":") + 1);

function instantOf(text: string | undefined): Date | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

/** Titles of feeds are often HTML inside text. */
const plain = (text: string | undefined): string | undefined =>
  text
    ?.replaceAll(/<[^>]{0,500}>/g, "")
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replaceAll(/\s+/g, " ")
    .toWellFormed()
    .replaceAll("\0", "")
    .trim();

const ENTITIES: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  "#39": "'",
};
