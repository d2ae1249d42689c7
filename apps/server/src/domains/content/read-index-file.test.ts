import { expect, test } from "vitest";
import { createIndexReader } from "./read-index-file.ts";

/** Read in small pieces, as a network would bring it. */
function read(xml: string, maxPages = 100) {
  const reader = createIndexReader(maxPages);
  for (let i = 0; i < xml.length; i += 7) reader.write(xml.slice(i, i + 7));
  return reader.end();
}

test("a sitemap gives its addresses, and a news sitemap its titles", () => {
  const file = read(`<?xml version="1.0"?><urlset xmlns="x" xmlns:news="n" xmlns:image="i">
    <url><loc> https://d.example/a?x=1&amp;y=2 </loc><lastmod>2031-01-02</lastmod></url>
    <url><loc>https://d.example/b</loc><lastmod>2031-01-01</lastmod>
      <news:news><news:publication><news:name>D</news:name></news:publication>
        <news:publication_date>2031-01-03T10:00:00+01:00</news:publication_date><news:title>B &amp; C</news:title></news:news>
      <image:image><image:loc>https://d.example/b.jpg</image:loc><image:title>Picture</image:title></image:image></url>
    <url><lastmod>2031-01-02</lastmod></url></urlset>`);
  expect(file).toMatchObject({ recognised: true, cut: false, sitemaps: [] });
  expect(file.pages).toEqual([
    { url: "https://d.example/a?x=1&y=2", publishedAt: new Date("2031-01-02T00:00:00Z") },
    {
      url: "https://d.example/b",
      title: "B & C",
      publishedAt: new Date("2031-01-03T09:00:00Z"),
      cover: "https://d.example/b.jpg",
    },
  ]);
});

test("an index of sitemaps gives those that changed last first", () => {
  const { sitemaps, pages } = read(`<sitemapindex><sitemap><loc>https://d.example/1.xml</loc></sitemap>
    <sitemap><loc>https://d.example/2.xml</loc><lastmod>2031-01-01</lastmod></sitemap>
    <sitemap><loc>https://d.example/3.xml</loc><lastmod>2031-02-01</lastmod></sitemap></sitemapindex>`);
  expect(pages).toEqual([]);
  expect(sitemaps.map((it) => it.url)).toEqual(["3", "2", "1"].map((it) => `https://d.example/${it}.xml`));
});

test("RSS, RDF and Atom are read alike", () => {
  const rss = read(`<rss><channel><title>Feed</title><link>https://d.example/</link><item>
    <title><![CDATA[<b>One</b> &amp; only]]></title><link>https://d.example/1</link><guid isPermaLink="false">x</guid>
    <category>Politics</category><pubDate>Wed, 01 Jan 2031 10:00:00 GMT</pubDate>
    <media:content url="https://d.example/1.jpg" medium="image"><media:title>No</media:title></media:content></item>
    <item><title>Two</title><guid>https://d.example/2</guid></item></channel></rss>`);
  expect(rss.pages).toEqual([
    {
      url: "https://d.example/1",
      title: "One & only",
      publishedAt: new Date("2031-01-01T10:00:00Z"),
      section: "Politics",
      cover: "https://d.example/1.jpg",
    },
    { url: "https://d.example/2", title: "Two" },
  ]);
  const rdf = read(`<rdf:RDF><channel/><item rdf:about="x"><title>T</title><link>https://d.example/r</link>
    <dc:date>2031-01-01T00:00:00Z</dc:date></item></rdf:RDF>`);
  expect(rdf.pages).toMatchObject([{ url: "https://d.example/r", title: "T" }]);
  const atom =
    read(`<feed><title>F</title><link href="https://d.example/"/><entry><title type="html">A</title>
    <link rel="edit" href="https://d.example/edit"/><link href="https://d.example/e"/><category term="Art"/>
    <published>2031-01-01T00:00:00Z</published><updated>2031-02-01T00:00:00Z</updated></entry></feed>`);
  expect(atom.pages).toEqual([
    { url: "https://d.example/e", title: "A", section: "Art", publishedAt: new Date("2031-01-01T00:00:00Z") },
  ]);
});

test("what is neither is not taken for an empty one; what never ends is cut, and entities do not explode", () => {
  expect(read("<html><body><item><link>https://d.example/x</link></item></body></html>")).toMatchObject({
    recognised: false,
    pages: [],
  });
  expect(read("<rss><channel></channel></rss>")).toMatchObject({ recognised: true, pages: [] });
  const many = `<urlset>${"<url><loc>https://d.example/x</loc></url>".repeat(30)}</urlset>`;
  expect(read(many, 10)).toMatchObject({ cut: true, pages: { length: 10 } });
  const lol = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item>
    <title>&b;&b;</title><link>https://d.example/l</link></item></channel></rss>`;
  expect(read(lol).pages[0]?.title?.length).toBeLessThan(20);
  const long = `<rss><channel><item><title>${"x".repeat(100_000)}</title><link>https://d.example/l</link></item></channel></rss>`;
  expect(read(long).pages[0]?.title?.length).toBeLessThanOrEqual(4096);
});
