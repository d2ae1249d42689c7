import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";

export const resetReaders = management({
  id: "managementResetReaders",
  method: "POST",
  path: "/management/test/reset",
  tag: "Management: test mode",
  summary: "Forget every reader",
  description:
    "Users, their sessions, contracts that run, what they read for nothing, tags, metadata, tallies and events. What is " +
    "sold, and lists of who has a right from elsewhere, stay; so do bills, whose numbers have no gap. It exists only on " +
    "a server in test mode, for a key of test mode, and for a vendor that takes no real money (409).",
  scope: "test:write",
  request: {},
  responses: { 200: z.object({ users: z.int().meta({ description: "How many there were." }) }) },
  errors: [409],
  example: { request: {}, response: { users: 12 } },
});

/** What only a server in test mode has (publisher API §10). */
export const testModeEndpoints: readonly ManagementEndpoint[] = [resetReaders];
