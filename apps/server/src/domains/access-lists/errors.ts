import { AppError } from "../../platform/errors.ts";

const invalid = (code: string, message: string, field: string) =>
  new AppError(code, 400, message, { details: { field } });

export const accessListErrors = {
  notFound: () => new AppError("resource_not_found", 404, "There is no such resource."),
  unknownProduct: () => invalid("unknown_product", "There is no product with this sku.", "sku"),
  unknownOption: () =>
    invalid("unknown_purchase_option", "This product has no such purchase option.", "poId"),
  unknownUser: () => invalid("unknown_user", "There is no user with this id and address.", "userId"),
  wrongType: (needed: string) =>
    new AppError("access_list_type", 409, `Only a list of type ${needed} can do this.`),
  purchaseIdTaken: () =>
    new AppError(
      "publisher_purchase_id_taken",
      409,
      "Another grant of the list has this publisherPurchaseId.",
    ),
  namedByFile: () =>
    new AppError("managed_by_file", 409, "The set-up file names this; change it there, or it comes back."),
  fileRefused: (message: string, line?: number) =>
    new AppError("csv_refused", 400, message, { details: line === undefined ? {} : { line } }),
  previewOutdated: () =>
    new AppError("preview_outdated", 409, "The list has changed since the preview. Upload the file again."),
  previewGone: () =>
    new AppError("preview_expired", 409, "The preview is past its time. Upload the file again."),
  rowsWithErrors: (count: number) =>
    new AppError("csv_has_errors", 409, `${count} rows have errors. Upload a corrected file.`),
  hookRefused: (message: string) => invalid("hook_url_refused", message, "url"),
  noHook: () => new AppError("no_hook", 409, "This list has no hook yet."),
  codeUnknown: () => new AppError("claim_code_unknown", 404, "This code is not known, or no longer valid."),
  codeUsed: () => new AppError("claim_code_used", 409, "This code has been used."),
  addressUnproven: () =>
    new AppError("email_not_verified", 403, "Confirm your e-mail address first, then claim the code."),
} as const;
