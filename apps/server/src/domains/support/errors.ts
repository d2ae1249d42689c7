import { ERRORS, type ErrorCode } from "@tollgate/protocol/paywall-api/errors";
import { AppError } from "../../platform/errors.ts";

/** A refusal of a ticket; codes, statuses and sentences are the contract's, because the modal shows them. */
export const refusal = (
  code: Extract<
    ErrorCode,
    | "subject_length"
    | "content_length"
    | "email_required"
    | "too_many_files"
    | "invalid_file"
    | "rate_limit_exceeded"
  >,
  retryAfterSeconds?: number,
): AppError => new AppError(code, ERRORS[code].status, ERRORS[code].message, { retryAfterSeconds });
