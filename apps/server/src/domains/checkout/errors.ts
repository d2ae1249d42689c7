import { ERRORS } from "@tollgate/protocol/paywall-api/errors";
import { AppError, defineErrors } from "../../platform/errors.ts";

export const checkoutErrors = defineErrors({
  missing_parameters: ERRORS.missing_parameters,
  price_not_found: ERRORS.price_not_found,
  active_purchase: ERRORS.active_purchase,
  no_processor: ERRORS.no_processor,
  forbidden: ERRORS.forbidden,
});

/** A processor that failed or refused, in its own words. */
export const upstreamFailed = (message: string, cause: unknown): AppError =>
  new AppError("upstream", 502, message, { cause });
