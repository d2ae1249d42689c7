import { ERRORS } from "@tollgate/protocol/paywall-api/errors";
import { AppError, defineErrors } from "../../platform/errors.ts";
import { ProcessorError } from "../processors/index.ts";

export const checkoutErrors = defineErrors({
  missing_parameters: ERRORS.missing_parameters,
  price_not_found: ERRORS.price_not_found,
  active_purchase: ERRORS.active_purchase,
  no_processor: ERRORS.no_processor,
  forbidden: ERRORS.forbidden,
});

/** A processor that refused, in its own words. A fault of ours on the way to it is nobody else's to read. */
export const upstreamFailed = (cause: unknown): AppError =>
  new AppError(
    "upstream",
    502,
    cause instanceof ProcessorError ? cause.message : "The payment processor did not answer.",
    { cause },
  );
