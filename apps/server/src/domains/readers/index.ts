/**
 * What a publisher's readers keep with us: tallies, tags and metadata, for customers and for browsers that nobody
 * signed in on. Their own pages write all of it, so nothing of it ever decides about access. Also what concerns all that
 * a reader has, in every area: going, and two accounts becoming one.
 */
export { forgetReader } from "./forget-reader.ts";
export { deleteTag, listTagUse, renameTag, type TagUse } from "./manage-tags.ts";
export { mergeCustomers } from "./merge-customers.ts";
export { readMetadata, removeMetadata, setMetadata } from "./metadata.ts";
export { type Reader, readerOf } from "./reader.ts";
export { resetReaders } from "./reset-readers.ts";
export { addTag, listTags, removeTag, replaceTags } from "./tags.ts";
export {
  createTally,
  deleteTally,
  findTally,
  forgetTallies,
  listTallies,
  pushToTally,
  replaceTally,
  type TallyScope,
} from "./tallies.ts";
export { MAX_ITEMS, pushValues, type Tally, type TallyPolicies, type TallyValue } from "./tally.ts";
