import * as z from "zod";
import { type ManagementEndpoint, management } from "./endpoint.ts";
import { idOf } from "./examples.ts";

const meter = z
  .looseObject({
    id: z.string(),
    key: z.string(),
    limit: z.int().meta({ description: "Different contents per period that a reader may read for nothing." }),
    period: z.enum(["DAY", "WEEK", "MONTH"]),
    anonymous: z.boolean().meta({ description: "Also for readers who have not signed in." }),
    registeredBonus: z.int().meta({ description: "Further reads for those who have." }),
    status: z.enum(["ACTIVE", "DISABLED"]),
  })
  .meta({ id: "Meter" });

const fields = z.object({
  limit: z.int().min(0).max(1000),
  period: z.enum(["DAY", "WEEK", "MONTH"]),
  anonymous: z.boolean(),
  registeredBonus: z.int().min(0).max(1000),
  status: z.enum(["ACTIVE", "DISABLED"]),
});

const METER = {
  id: idOf("mtr"),
  key: "free",
  limit: 3,
  period: "MONTH",
  anonymous: true,
  registeredBonus: 2,
  status: "ACTIVE",
};
const tag = "Management: meters";
const ofMeter = z.object({ id: z.string().meta({ description: "The meter's `mtr_…` id." }) });
const params = { id: METER.id };

export const listMeters = management({
  id: "managementListMeters",
  method: "GET",
  path: "/management/meters",
  tag,
  summary: "Meters",
  scope: "meter:read",
  request: {},
  paged: true,
  responses: { 200: z.array(meter) },
  example: { request: {}, response: [METER] },
});

export const createMeter = management({
  id: "managementCreateMeter",
  method: "POST",
  path: "/management/meters",
  tag,
  summary: "Make a meter",
  description: "A paywall uses it once its `meterId` says so.",
  scope: "meter:write",
  request: {
    body: fields
      .partial()
      .required({ limit: true })
      .extend({ key: z.string().regex(/^[\w.:-]{1,80}$/, "must be 1 to 80 of A-Z, a-z, 0-9 and _ . : -") }),
  },
  responses: { 201: meter },
  errors: [409],
  example: {
    request: { body: { key: "free", limit: 3, period: "MONTH", registeredBonus: 2 } },
    response: METER,
  },
});

export const getMeter = management({
  id: "managementGetMeter",
  method: "GET",
  path: "/management/meters/{id}",
  tag,
  summary: "A meter",
  scope: "meter:read",
  request: { params: ofMeter },
  responses: { 200: meter },
  errors: [404],
  example: { request: { params }, response: METER },
});

export const updateMeter = management({
  id: "managementUpdateMeter",
  method: "PATCH",
  path: "/management/meters/{id}",
  tag,
  summary: "Change a meter",
  description: "What was read stays read.",
  scope: "meter:write",
  request: { params: ofMeter, body: fields.partial() },
  responses: { 200: meter },
  errors: [404],
  example: { request: { params, body: { limit: 3 } }, response: METER },
});

export const deleteMeter = management({
  id: "managementDeleteMeter",
  method: "DELETE",
  path: "/management/meters/{id}",
  tag,
  summary: "Stop a meter",
  description: "It is switched off: paywalls that use it let nobody in for nothing any more.",
  scope: "meter:write",
  request: { params: ofMeter },
  responses: { 204: null },
  errors: [404],
  example: { request: { params } },
});

export const meterEndpoints: readonly ManagementEndpoint[] = [
  listMeters,
  createMeter,
  getMeter,
  updateMeter,
  deleteMeter,
];
