import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { AT, idOf, USER } from "./examples.ts";
import { instant } from "./scalars.ts";

const event = z
  .looseObject({
    id: z.string(),
    type: z.enum(["page", "track", "identify"]),
    clientId: z.string(),
    event: z.string().optional(),
    userId: z.string().optional(),
    anonymousId: z.string().optional(),
    url: z.string().optional(),
    publisherContentId: z.string().optional(),
    country: z.string().optional(),
    properties: z.looseObject({}).optional(),
    context: z.looseObject({}).optional(),
    timestamp: instant,
    receivedAt: instant,
  })
  .meta({ id: "PublisherEvent" });

const EVENT = {
  id: idOf("pbe"),
  type: "track",
  clientId: "lantern-web",
  event: "article_read",
  userId: USER,
  anonymousId: "581f8a3e",
  url: "https://lantern.example/a-story",
  publisherContentId: "a-story",
  country: "SE",
  properties: { depth: 75 },
  timestamp: AT,
  receivedAt: AT,
};

export const listEvents = management({
  id: "managementListEvents",
  method: "GET",
  path: "/management/events",
  tag: "Management: events",
  summary: "What happened on your pages",
  description: "As pages and apps told it, the last received first.",
  scope: "event:read",
  request: {
    query: z.object({
      clientId: z.string().optional(),
      type: z.enum(["page", "track", "identify"]).optional(),
      event: z.string().optional(),
      from: instant.optional().meta({ description: "From this instant on." }),
      to: instant.optional().meta({ description: "Before this instant." }),
    }),
  },
  paged: true,
  responses: { 200: z.array(event) },
  example: { request: { query: { type: "track" } }, response: [EVENT] },
});

export const eventEndpoints: readonly ManagementEndpoint[] = [listEvents];
