/** Why a request was never sent. Trying again would not help: the address itself is not allowed. */
export class OutboundRefused extends Error {
  override readonly name = "OutboundRefused";
  readonly code = "outbound_refused";
}

export type OutboundFailure = "too_large" | "bad_encoding" | "too_many_redirects" | "bad_redirect";

/** An answer that breaks the caller's limits; the sender may do better another time. */
export class OutboundFailed extends Error {
  override readonly name = "OutboundFailed";
  readonly code: OutboundFailure;
  constructor(code: OutboundFailure, message: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal in an error, also where a library wrapped it. */
export function refusalIn(error: unknown): OutboundRefused | null {
  if (error instanceof OutboundRefused) return error;
  return error instanceof Error && error.cause instanceof OutboundRefused ? error.cause : null;
}
