import { z } from "zod";

const NAMES = [
  "utmSource",
  "utmMedium",
  "utmCampaign",
  "utmTerm",
  "utmContent",
  "sourceId",
  "itemSrc",
  "publisherContentId",
  "_ga",
  "_gid",
  "_fbp",
  "_fbc",
  "ref",
  "referrer",
] as const;

const word = z.string().max(2000);

/** How somebody came to buy (publisher API §6.1). What is not a text is left out, not refused: it is only kept. */
export const attribution = z
  .object({
    ...(Object.fromEntries(NAMES.map((name) => [name, word.optional().catch(undefined)])) as Record<
      (typeof NAMES)[number],
      z.ZodCatch<z.ZodOptional<typeof word>>
    >),
    source: z
      .enum(["CHECKOUT", "PAYWALL", "OTHER", "OTHERS"])
      .transform((it) => (it === "OTHERS" ? "OTHER" : it))
      .optional()
      .catch(undefined),
  })
  .transform(
    (given) =>
      Object.fromEntries(
        Object.entries(given).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
        ),
      ) as Record<string, string>,
  );

/** The same from the query of a checkout link, whose names for campaigns are those of addresses. */
export function attributionOfQuery(query: URLSearchParams): Record<string, string> {
  const read = (name: string) => query.get(name) ?? undefined;
  return attribution.parse({
    utmSource: read("utm_source"),
    utmMedium: read("utm_medium"),
    utmCampaign: read("utm_campaign"),
    utmTerm: read("utm_term"),
    utmContent: read("utm_content"),
    ...Object.fromEntries(
      ["itemSrc", "publisherContentId", "_ga", "_gid", "_fbp", "_fbc", "ref"].map((name) => [
        name,
        read(name),
      ]),
    ),
  });
}
