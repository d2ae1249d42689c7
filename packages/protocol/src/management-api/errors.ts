import * as z from "zod";

/** The refusals of the Management API (publisher API §2.7): the code follows from the status. */
export const MANAGEMENT_ERRORS = {
  400: { code: "validation_error", message: "price: must be a number" },
  401: { code: "unauthorized", message: "Please sign in, or send valid credentials." },
  403: { code: "forbidden", message: "These credentials lack the scope product:write." },
  404: { code: "not_found", message: "There is no such resource." },
  409: { code: "conflict", message: "This name is taken." },
  413: { code: "validation_error", message: "The request body is larger than 1048576 bytes." },
  422: { code: "validation_error", message: "This idempotency key was used for another request." },
  429: { code: "rate_limit_exceeded", message: "Too many requests. Please slow down." },
  500: { code: "internal_error", message: "Something went wrong on our side. Please try again." },
} as const;

export type ManagementErrorStatus = keyof typeof MANAGEMENT_ERRORS;

export const managementError = z
  .object({
    error: z.looseObject({
      code: z.string(),
      message: z.string().meta({ description: "A sentence for people." }),
      details: z
        .looseObject({})
        .optional()
        .meta({ description: "`field` for a value at fault, `reason` for what exactly was wrong." }),
      retry_after: z.int().optional().meta({ description: "Seconds, with a 429." }),
      request_id: z.string().optional(),
    }),
  })
  .meta({ id: "ManagementError", description: "Every refusal of the Management API has this shape." });

/** An example of the refusal with this status. */
export const managementErrorBody = (status: ManagementErrorStatus) => ({
  error: {
    ...MANAGEMENT_ERRORS[status],
    ...(status === 429 && { retry_after: 1 }),
    request_id: "rqs_01K9ZJ3V6Q8R2T4W6Y8A0C2E4Z",
  },
});
