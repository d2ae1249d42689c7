import { defineErrors } from "../../platform/errors.ts";

export const readerErrors = defineErrors({
  tally_exists: { status: 409, message: "There is a tally with this id already." },
  too_many_tallies: { status: 400, message: "A reader can have at most 200 tallies." },
  too_many_values: { status: 400, message: "A tally can hold at most 1000 values." },
  tally_too_large: { status: 400, message: "A tally can be at most 64 KiB large." },
  invalid_tag: { status: 400, message: "A tag has 1 to 100 characters." },
  too_many_tags: { status: 400, message: "A reader can have at most 200 tags." },
  invalid_metadata_key: {
    status: 400,
    message: "A key has 1 to 64 letters, digits, dots, underscores or hyphens.",
  },
  metadata_too_large: { status: 400, message: "A value can be at most 4096 bytes long." },
  too_much_metadata: { status: 400, message: "A reader can have at most 100 metadata keys." },
});
