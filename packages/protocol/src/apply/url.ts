import * as z from "zod";

/** An absolute web address. */
export const url = z
  .string()
  .max(2048)
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    "must be an address that starts with https://",
  );
