/** Sent as `X-Sesamy-Client`; a test keeps it equal to the package. */
export const LIBRARY_NAME = "@tollgate/client";
export const LIBRARY_VERSION = "0.1.0";
