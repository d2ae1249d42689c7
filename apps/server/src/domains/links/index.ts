/**
 * Links that stand for something: short ones, which lead somewhere for a while, and gifts, by which a reader opens one
 * article for others.
 *
 * Invariants: codes cannot be guessed and are kept as hashes; a gift opens in so many browsers and no more, and only
 * while its giver may read the article.
 */
export { forgetErasedGivers } from "./follow-erasures.ts";
export {
  createGiftLink,
  forgetGiftLinks,
  type GiftLink,
  listGiftLinks,
  type OpenedGift,
  openGiftLink,
  revokeGiftLink,
  USUAL_GIFTS,
} from "./gift-links.ts";
export {
  createShortLink,
  DEFAULT_TTL_SECONDS,
  forgetShortLinks,
  MAX_TTL_SECONDS,
  resolveShortLink,
} from "./short-links.ts";
