import type { ApiRequestInit } from "./api-client.ts";
import type { AuthClient } from "./auth-client.ts";
import type { Share } from "./promises.ts";
import type { Identity, StorageAdapter } from "./types.ts";

export interface CallOptions {
  force?: boolean;
  signal?: AbortSignal;
}

/** What the parts of one billing client have in common. */
export interface BillingContext {
  paywallId: string;
  apiOrigin: string;
  apiKey?: string;
  auth?: AuthClient;
  preview?: boolean;
  storage: StorageAdapter;
  share: Share;
  /** Who is spoken for now. */
  identity(): Identity | undefined;
  /** Waits until the signed-in person, if any, has become the identity. */
  identitySettled(): Promise<void>;
  visitor(): Promise<string>;
  /** A request below this paywall's path, or below the origin for a path with a leading slash; never answers null. */
  ask<T>(path: string, init?: ApiRequestInit): Promise<T>;
}

/** Says whom a request speaks for, as far as a header can: one that it cannot hold would make the request fail. */
export const emailHeader = (email?: string): Record<string, string> =>
  email && /^[ -~]+$/.test(email) ? { "X-User-Email": email } : {};

/** The part of a storage key that keeps one person's data from another's. */
export const identityKey = (identity: Identity | undefined): string =>
  identity?.email || identity?.userId || identity?.anonymousId || "guest";
