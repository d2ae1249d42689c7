import * as z from "zod";
import { email, optional } from "./scalars.ts";

export const TICKET_FILES_MAX = 5;
/** 5 × 1024 × 1024, a file of exactly this size passes. */
export const TICKET_FILE_BYTES_MAX = 5_242_880;
export const TICKET_FILE_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;

/** The fields of both encodings; multipart callers send empty text where JSON callers send null. */
export const supportTicketRequest = z
  .object({
    subject: z.string("subject_length").trim().min(3, "subject_length").max(200, "subject_length"),
    content: z.string("content_length").trim().min(1, "content_length").max(5000, "content_length"),
    customer_email: z
      .preprocess(
        (value) => (typeof value === "string" && value.trim() === "" ? undefined : value),
        optional(email),
      )
      .meta({ description: "Required for guests; a signed-in sender's own address replaces it." }),
  })
  .meta({ id: "SupportTicketRequest" });
export type SupportTicketRequest = z.output<typeof supportTicketRequest>;

export const supportTicketResponse = z
  .object({ ticket: z.object({ id: z.number().int(), status: z.string() }) })
  .meta({ id: "SupportTicketResponse" });
export type SupportTicketResponse = z.infer<typeof supportTicketResponse>;
