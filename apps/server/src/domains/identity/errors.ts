import { ERRORS, type ErrorCode } from "@tollgate/protocol/paywall-api/errors";
import { AppError } from "../../platform/errors.ts";

/** A refusal of this area; codes, statuses and sentences are the contract's. */
export const refusal = (code: ErrorCode, retryAfterSeconds?: number): AppError =>
  new AppError(code, ERRORS[code].status, ERRORS[code].message, { retryAfterSeconds });
