export type OAuthErrorName =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "access_denied"
  | "login_required"
  | "unauthorized_client"
  | "unsupported_response_type";

/** A refusal in OAuth's words; the surface renders it. Clients act on some of the sentences, so they are fixed. */
export class OAuthError extends Error {
  readonly error: OAuthErrorName;
  readonly description: string;

  constructor(error: OAuthErrorName, description: string) {
    super(`${error}: ${description}`);
    this.error = error;
    this.description = description;
  }
}

export const invalidCode = (): OAuthError => new OAuthError("invalid_grant", "Invalid authorization code");

/** The published client signs people out when it reads exactly this, so it is never the word for a fault of ours. */
export const invalidRefreshToken = (): OAuthError => new OAuthError("invalid_grant", "Invalid refresh token");
