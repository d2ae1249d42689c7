import { readFileSync } from "node:fs";
import { ARTICLES, type Article, bySlug, SECTIONS, type SectionId } from "./articles.ts";

/** Everything after it is not in any page that is built. */
const MARKER = "<!-- subscribers -->";
/** Where the server puts the rest of an article into its page for somebody who has proved that they may read it. */
const REST = `<div id="rest"></div>`;

type Assets = { script: string; styles: string };
type Page = { file: string; title: string; description: string; body: string; kind: string };

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const esc = (text: string): string => text.replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);

const dateOf = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));

/** All pages by the name of their file. */
export function renderEdition(assets: Assets): Map<string, string> {
  const sections = Object.keys(SECTIONS) as SectionId[];
  const pages = [
    frontPage(),
    ...sections.map(sectionPage),
    ...ARTICLES.map(articlePage),
    subscribePage(),
    accountPage(),
    missingPage(),
  ];
  return new Map(pages.map((page) => [page.file, shell(page, assets)]));
}

function shell({ file, title, description, body, kind }: Page, { script, styles }: Assets): string {
  const here = file.replace(/\.html$/, "");
  const link = (to: string, text: string) =>
    `<li><a href="./${to}"${to === here ? ' aria-current="page"' : ""}>${text}</a></li>`;
  const sections = Object.entries(SECTIONS).map(([id, it]) => link(id, it.title));
  return `<!doctype html>
<html lang="en" data-page="${kind}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbf7ee" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#16140f" media="(prefers-color-scheme: dark)">
<meta name="description" content="${esc(description)}">
<title>${esc(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="preload" href="./config.json" as="fetch" crossorigin>
<link rel="stylesheet" href="./${styles}">
<script type="module" src="./${script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="masthead">
<div class="ears">
<p class="ear"><time id="today">Morning edition</time></p>
<p class="ear who" id="who"><a href="./subscribe" class="cta">Subscribe</a><a href="./account">Account</a></p>
</div>
<a class="title" href="./" aria-label="The Lantern, front page"${here === "index" ? ' aria-current="page"' : ""}>${LANTERN}<span>The Lantern</span></a>
<p class="motto">Independent since 1898 · Paid for by its readers</p>
<nav aria-label="Sections"><ul>${sections.join("")}</ul></nav>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer class="foot">
<p><b>The Lantern</b> is made up, and so are its stories: it is a demonstration of Tollgate by Lumen Labs. No real money moves.</p>
<ul><li><a href="./letter">Why we ask you to pay</a></li><li><a href="./subscribe">Subscribe</a></li><li><a href="./account">Your account</a></li><li><a href="/">Back to the demonstration</a></li></ul>
</footer>
<p class="sr" id="announcer" role="status"></p>
</body>
</html>
`;
}

const LANTERN = `<svg viewBox="0 0 32 40" aria-hidden="true"><path d="M11 9V7a5 5 0 0 1 10 0v2M6 12h20l-3-3H9zM8 12h16v18H8zM6 30h20v4H6z" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linejoin="round"/><path class="flame" d="M16 15c4 5 4 11 0 12c-4-1-4-7 0-12z"/></svg>`;
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="4" fill="#1d1a14"/><path d="M12 7a4 4 0 0 1 8 0M8 10h16v15H8zM6 25h20v3H6z" fill="none" stroke="#fbf7ee" stroke-width="2"/><path d="M16 12c3 4 3 9 0 10c-3-1-3-6 0-10z" fill="#e8452f"/></svg>`;

const drawing = (slug: string): string => read(`art/${slug}.svg`).replace("<svg ", '<svg class="art" ');

const picture = ({ slug, picture: shown }: Article): string =>
  drawing(slug).replace('aria-hidden="true"', `role="img" aria-label="${esc(shown)}"`);

const mark = ({ paywall }: Article): string =>
  paywall === "open" ? ` <span class="mark">Free to read</span>` : "";

const byline = (article: Article): string =>
  `<p class="byline"><span>By ${esc(article.author)}</span> <span>${article.minutes} min${mark(article)}</span></p>`;

type Look = "lead" | "tall" | "wide" | "text" | "brief";

/** An article as it is announced on other pages. The picture says nothing that the title does not. */
function teaser(slug: string, look: Look, level: 2 | 3 = 3): string {
  const article = bySlug(slug);
  const art = look === "text" ? "" : drawing(slug);
  return `<article class="teaser ${look}">${art && `<div class="frame">${art}</div>`}<div class="words">
<p class="kicker"><a href="./${article.section}">${SECTIONS[article.section].title}</a></p>
<h${level}><a class="whole" href="./${article.slug}">${esc(article.title)}</a></h${level}>
<p class="standfirst">${esc(article.standfirst)}</p>${byline(article)}</div></article>`;
}

function frontPage(): Page {
  const body = `<h1 class="sr">Front page</h1>
<div class="front">
<div class="lead-col">${teaser("harbour", "lead", 2)}</div>
<div class="side">${teaser("night-trains", "tall")}${teaser("clouds", "text")}</div>
<div class="opinion-col one"><h2 class="label"><a href="./opinion">Opinion</a></h2>${teaser("queue", "text")}${teaser("letter", "text")}</div>
</div>
${strip("city", "City", "two", ["bridge", "orchard"], "wide")}
<section class="weekend one" aria-labelledby="weekend-strip"><h2 class="label" id="weekend-strip"><a href="./weekend">The weekend</a></h2>
<div class="columns weekend-grid">${teaser("lighthouse", "lead")}${teaser("bread", "tall")}</div></section>
${strip("world", "World", "two", ["snow", "salt"], "wide")}
${strip(null, "Science and culture", "three", ["tides", "glass", "library"], "tall")}`;
  return {
    file: "index.html",
    title: "The Lantern",
    description: "Independent reporting, paid for by its readers.",
    body,
    kind: "front",
  };
}

/** A row of the front page. One that belongs to a section leads there, and need not say so with each article. */
function strip(
  section: SectionId | null,
  title: string,
  columns: "two" | "three",
  slugs: string[],
  look: Look,
): string {
  const id = `${section ?? "others"}-strip`;
  const heading = section ? `<a href="./${section}">${title}</a>` : title;
  return `<section class="strip${section ? " one" : ""}" aria-labelledby="${id}"><h2 class="label" id="${id}">${heading}</h2>
<div class="columns ${columns}">${slugs.map((slug) => teaser(slug, look)).join("")}</div></section>`;
}

function sectionPage(id: SectionId): Page {
  const { title, line } = SECTIONS[id];
  const [first, ...others] = ARTICLES.filter((it) => it.section === id).reverse();
  const body = `<header class="section-head"><h1>${title}</h1><p>${line}</p></header>
<div class="section-list one">${first ? teaser(first.slug, "lead", 2) : ""}<div class="columns ${others.length > 1 ? "two" : "one"}">${others
    .map((it) => teaser(it.slug, others.length > 1 ? "tall" : "wide", 2))
    .join("")}</div></div>`;
  return { file: `${id}.html`, title: `${title} · The Lantern`, description: line, body, kind: "section" };
}

function articlePage(article: Article): Page {
  const [open = "", locked] = read(`articles/${article.slug}.html`).split(MARKER);
  if ((locked === undefined) !== (article.paywall === "open")) {
    throw new Error(`articles/${article.slug}.html and its paywall do not agree`);
  }
  const section = SECTIONS[article.section];
  const more = ARTICLES.filter((it) => it.slug !== article.slug && it.paywall !== "open")
    .sort((a, b) => Number(b.section === article.section) - Number(a.section === article.section))
    .slice(0, 3);
  const body = `<article class="page" data-slug="${article.slug}" data-paywall="${article.paywall}" data-title="${esc(article.title)}">
<header class="story-head">
<p class="kicker"><a href="./${article.section}">${section.title}</a></p>
<h1>${esc(article.title)}</h1>
<p class="standfirst">${esc(article.standfirst)}</p>
<div class="meta"><p class="byline"><span>By ${esc(article.author)}</span> <time datetime="${article.publishedOn}">${dateOf(article.publishedOn)}</time> <span>${article.minutes} min${mark(article)}</span></p>
<div class="tools" id="tools"></div></div>
</header>
<figure>${picture(article)}<figcaption>${esc(article.caption)}</figcaption></figure>
<div class="story" id="story">
${open.trim()}
${locked === undefined ? "" : REST}
</div>
${
  locked === undefined
    ? ""
    : `<section class="gate" id="gate" aria-label="Access to this article"><noscript><p class="note">This article goes on for those who may read it. To find out whether you do, this page needs JavaScript.</p></noscript></section>`
}
</article>
<section class="strip more" aria-labelledby="more"><h2 class="label" id="more">Read on</h2><div class="columns three">${more
    .map((it) => teaser(it.slug, "brief"))
    .join("")}</div></section>`;
  return {
    file: `${article.slug}.html`,
    title: `${article.title} · The Lantern`,
    description: article.standfirst,
    body,
    kind: "article",
  };
}

const subscribePage = (): Page => ({
  file: "subscribe.html",
  title: "Subscribe · The Lantern",
  description: "Every article, the archive and the weekend edition.",
  body: `<div class="sheet"><h1>Subscribe to The Lantern</h1>
<p class="standfirst">Every article, on every device, and a link to give away with each. Cancel on one page, with one button.</p>
<section class="gate" id="offer" aria-label="Subscriptions"><noscript><p class="note">This page needs JavaScript to show the offers.</p></noscript></section></div>`,
  kind: "subscribe",
});

const accountPage = (): Page => ({
  file: "account.html",
  title: "Your account · The Lantern",
  description: "Your subscription, your bills and your way out.",
  body: `<div class="sheet" id="account"><h1>Your account</h1><noscript><p class="note">This page needs JavaScript.</p></noscript></div>`,
  kind: "account",
});

const missingPage = (): Page => ({
  file: "404.html",
  title: "Not in this edition · The Lantern",
  description: "There is no such page.",
  body: `<div class="sheet"><p class="kicker">Erratum</p><h1>Not in this edition</h1>
<p class="standfirst">There is no such page. It may have been a misprint, ours or yours.</p>
<p><a class="button" href="./">To the front page</a></p></div>`,
  kind: "missing",
});
