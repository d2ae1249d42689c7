import { AppError, defineErrors } from "../../platform/errors.ts";

/** Refusals of publishers' checkouts (publisher API §6.1). */
export const sessionErrors = {
  ...defineErrors({
    checkout_completed: { status: 409, message: "This checkout is paid already." },
    checkout_expired: { status: 409, message: "This checkout has expired. Please start again." },
    payment_under_way: { status: 409, message: "A payment for this checkout is already under way." },
    // Publishers' components look for these very words.
    already_owned: { status: 409, message: "User already owns item" },
    not_for_sale: { status: 409, message: "This is not for sale any more." },
    not_sold_there: { status: 403, message: "This is not available in your country." },
    code_inapplicable: { status: 409, message: "The discount code cannot be used any more." },
    payment_method_unavailable: { status: 400, message: "This payment method is not available here." },
  }),
  invalid: (field: string, message: string): AppError =>
    new AppError("validation_error", 400, message, { details: { field } }),
};
