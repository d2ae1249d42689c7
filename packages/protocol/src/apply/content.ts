import * as z from "zod";
import { key } from "./layout.ts";
import { url } from "./url.ts";

/** Where a publisher's articles are found; only pages on its own sites become known. */
export const applyContentSource = z.strictObject({
  key,
  kind: z.enum(["sitemap", "feed"]).meta({ description: "A sitemap or an index of them; RSS or Atom." }),
  url,
  section: z.string().trim().min(1).max(200).optional().meta({ description: "Of articles that name none." }),
  everyMinutes: z.number().int().min(15).max(10_080).default(60),
  state: z.enum(["active", "disabled"]).default("active"),
});
export type ApplyContentSource = z.output<typeof applyContentSource>;

/** Links by which a reader gives one article to others. */
export const applyGifts = z
  .strictObject({
    perMonth: z.number().int().min(0).max(1000).default(10).meta({
      description: "Articles that one reader may give in a calendar month; 0 switches gifts off.",
    }),
    opens: z.number().int().min(1).max(1000).default(5).meta({ description: "How many may open one gift." }),
    days: z.number().int().min(1).max(365).default(14).meta({ description: "For how long." }),
  })
  .prefault({});
export type ApplyGifts = z.output<typeof applyGifts>;
