import { ERRORS } from "@tollgate/protocol/paywall-api/errors";
import { TICKET_FILE_BYTES_MAX, TICKET_FILES_MAX } from "@tollgate/protocol/paywall-api/support";
import type { Context } from "hono";
import { readBytes, readJsonObject } from "../../http/body.ts";
import { AppError } from "../../platform/errors.ts";

export type TicketBody = {
  fields: Record<string, unknown>;
  files: { name: string; bytes: Buffer }[];
};

// One file more than allowed, each a little too large, still gets its own answer; beyond that it is a flood.
const MULTIPART_BYTES_MAX = (TICKET_FILES_MAX + 1) * (TICKET_FILE_BYTES_MAX + 64 * 1024);
// What all uploads of this process may hold in memory at once.
const BYTES_IN_FLIGHT_MAX = 8 * MULTIPART_BYTES_MAX;
let bytesInFlight = 0;

const refuse = (code: "invalid_payload" | "unavailable", message: string = ERRORS[code].message) =>
  new AppError(code, ERRORS[code].status, message, {
    retryAfterSeconds: code === "unavailable" ? 5 : undefined,
  });

/** A ticket in either encoding: JSON, or multipart with repeated parts named `files`. */
export async function withTicketBody<T>(c: Context, use: (body: TicketBody) => Promise<T>): Promise<T> {
  const contentType = c.req.header("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType))
    return use({ fields: await readJsonObject(c), files: [] });

  const announced = Number(c.req.header("content-length"));
  const reserved = Number.isSafeInteger(announced) && announced > 0 ? announced : MULTIPART_BYTES_MAX;
  if (bytesInFlight > 0 && bytesInFlight + reserved > BYTES_IN_FLIGHT_MAX) throw refuse("unavailable");
  bytesInFlight += reserved;
  try {
    const bytes = await readBytes(c, MULTIPART_BYTES_MAX);
    return await use(await readForm(bytes, contentType));
  } finally {
    bytesInFlight -= reserved;
  }
}

async function readForm(bytes: Buffer, contentType: string): Promise<TicketBody> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw refuse("invalid_payload", "The request body is not a valid multipart form.");
  }
  const fields: Record<string, unknown> = {};
  for (const name of ["subject", "content", "customer_email"]) {
    const value = form.get(name);
    if (value === null) continue;
    if (typeof value !== "string") throw refuse("invalid_payload", `${name} must be text.`);
    if (value.includes("\0")) throw refuse("invalid_payload", "The request body contains a NUL character.");
    fields[name] = value;
  }
  const files: TicketBody["files"] = [];
  for (const part of form.getAll("files")) {
    if (typeof part === "string") {
      if (part !== "") throw refuse("invalid_payload", "files must be files.");
      continue;
    }
    // What a browser sends for a file field that was left empty.
    if (part.size === 0 && part.name === "") continue;
    files.push({ name: part.name, bytes: Buffer.from(await part.arrayBuffer()) });
  }
  return { fields, files };
}
