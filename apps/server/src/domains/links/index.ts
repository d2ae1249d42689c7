/** Links that stand for something: short ones, which lead somewhere for a while. */
export {
  createShortLink,
  DEFAULT_TTL_SECONDS,
  forgetShortLinks,
  MAX_TTL_SECONDS,
  resolveShortLink,
} from "./short-links.ts";
