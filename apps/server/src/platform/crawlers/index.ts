/** Search engines' crawlers, believed by where they come from and never by what they call themselves. */
export { type CrawlerCheck, createCrawlerCheck } from "./crawler-check.ts";
