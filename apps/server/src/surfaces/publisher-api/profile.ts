import { webAddress } from "@tollgate/protocol/management-api/scalars";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { runIntentNow } from "../../domains/billing/index.ts";
import {
  findProfile,
  isCustomersOwnName,
  type PostalAddress,
  type Profile,
  type ProfileFields,
  unlinkExternal,
  updateProfile,
} from "../../domains/identity/index.ts";
import {
  forgetReader,
  listTags,
  readerOf,
  readMetadata,
  replaceTags,
  setMetadata,
} from "../../domains/readers/index.ts";
import { tenantNow } from "../../domains/tenants/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import { check, param, readJson } from "./body.ts";
import { type PublisherEnv, signedIn } from "./caller.ts";
import { invalid, noSuchResource } from "./errors.ts";
import { answerOnce } from "./idempotency.ts";

type C = Context<PublisherEnv>;

/** Null and the empty text take a value away. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .nullable()
    .transform((value) => value || null);

const address = z
  .object({
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, "must be two letters")
      .transform((it) => it.toUpperCase()),
    zip: z.string().trim().max(20),
    city: z.string().trim().max(100),
    street: z.string().trim().max(200),
    co: z.string().trim().max(200),
    firstName: z.string().trim().max(100),
    lastName: z.string().trim().max(100),
  })
  .partial()
  .nullable();

const phone = text(40);
/** What may be changed of a profile. */
export const profileChanges = z
  .object({
    email: z.string().trim().pipe(z.email().max(254)),
    name: text(200),
    firstName: text(100),
    lastName: text(100),
    nickname: text(100),
    picture: webAddress.max(2000).nullable(),
    locale: z
      .string()
      .regex(/^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$/, "must be a language such as sv or sv-SE")
      .nullable(),
    company: text(200),
    mobilePhone: phone,
    workPhone: phone,
    homePhone: phone,
    billingAddress: address,
    deliveryAddress: address,
    tags: z.array(z.string().trim().min(1).max(100)).max(200),
    user_metadata: z.record(z.string(), z.union([z.string().max(4000), z.number()])),
  })
  .partial();

/** Other spellings of what is above: the documents' and OpenID's. */
const ALIASES: Record<string, string> = {
  givenName: "firstName",
  given_name: "firstName",
  familyName: "lastName",
  family_name: "lastName",
  phoneNumber: "mobilePhone",
  phone_number: "mobilePhone",
};

/** Publisher API §4.1: who a reader is, as far as they told. */
export function profileRoutes(deps: Deps): Hono<PublisherEnv> {
  /** The caller's own profile, by whichever of their names the path has. @throws 403 for anybody else's */
  const own = async (c: C): Promise<void> => {
    const { tenant, customer } = signedIn(c);
    const name = param(c, "userId");
    if (name === "me" || name.toLowerCase() === customer.uuid) return;
    const named = { tenantId: tenant.id, customerId: customer.id, externalId: name };
    if (await isCustomersOwnName(deps.db, named)) return;
    throw new AppError("insufficient_permissions", 403, "A reader's profile is shown to that reader alone.");
  };
  const show = async (c: C): Promise<Response> => {
    const { tenant, customer } = signedIn(c);
    const profile = await findProfile(deps.db, tenant.id, customer.id);
    if (!profile) throw noSuchResource();
    const who = { tenantId: tenant.id, reader: readerOf({ customerId: customer.id }) };
    const [tags, metadata] = await Promise.all([listTags(deps.db, who), readMetadata(deps.db, who)]);
    return c.json(profileToWire(profile, tags, metadata));
  };
  const change = async (c: C): Promise<Response> => {
    const { tenant, customer } = signedIn(c);
    const { tags, user_metadata: metadata, ...fields } = check(profileChanges, unaliased(await readJson(c)));
    const now = tenantNow(deps.clock, tenant);
    const who = { tenantId: tenant.id, reader: readerOf({ customerId: customer.id }), now };
    const updated = await updateProfile(deps, {
      tenant,
      customerId: customer.id,
      fields: fields as Partial<ProfileFields> & { email?: string },
      now,
      also: async (tx) => {
        if (tags) await replaceTags(tx, who, tags);
        for (const [key, value] of Object.entries(metadata ?? {})) await setMetadata(tx, who, key, value);
      },
    });
    if (!updated) throw noSuchResource();
    return show(c);
  };

  return (
    new Hono<PublisherEnv>()
      .get("/profile", show)
      .patch("/profile", change)
      .delete("/profile", async (c) => {
        const { tenant, customer } = signedIn(c);
        const now = tenantNow(deps.clock, tenant);
        const { intentIds } = await deps.db.transaction((tx) =>
          forgetReader(tx, deps, { tenantId: tenant.id, customerId: customer.id, now }),
        );
        for (const intentId of intentIds) await runIntentNow(deps, intentId);
        return c.body(null, 204);
      })
      // Before the user ids, which these two words are not.
      .get("/profile/spotify-link", async (c) => {
        const { tenant, customer } = signedIn(c);
        const asked = { tenantId: tenant.id, customerId: customer.id, namespace: "spotify" };
        return c.json({ isSpotifyLinked: await isCustomersOwnName(deps.db, asked) });
      })
      .post("/profile/unlink-spotify", async (c) => {
        const { tenant, customer } = signedIn(c);
        const link = { tenantId: tenant.id, customerId: customer.id, namespace: "spotify" as const };
        return answerOnce(deps, c, { body: null, creates: false }, async () => {
          await deps.db.transaction((tx) => unlinkExternal(tx, link));
          return { status: 200, body: { success: true } };
        });
      })
      .get("/profile/:userId", async (c) => {
        await own(c);
        return show(c);
      })
      .patch("/profile/:userId", async (c) => {
        await own(c);
        return change(c);
      })
  );
}

/** Each field by its own name, however it was spelled. @throws 400 for what is no object */
export function unaliased(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("Send a JSON object.");
  const given = body as Record<string, unknown>;
  const named = Object.entries(given).map(([key, value]): [string, unknown] => {
    const name = Object.hasOwn(ALIASES, key) ? (ALIASES[key] ?? key) : key;
    // The field's own name says more than another spelling of it.
    return name !== key && Object.hasOwn(given, name) ? [key, undefined] : [name, value];
  });
  return Object.fromEntries(named);
}

const present = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

const addressToWire = (it: PostalAddress | null) => it && Object.keys(it).length > 0 && it;

/** Publisher API §4.1. */
export function profileToWire(profile: Profile, tags: string[], metadata: Record<string, unknown>) {
  const { firstName, lastName, mobilePhone } = profile;
  const name = profile.name ?? ([firstName, lastName].filter(Boolean).join(" ") || null);
  return {
    userId: profile.uuid,
    sub: profile.uuid,
    ...present({
      email: profile.email,
      emailVerified: profile.email === null ? null : profile.emailVerifiedAt !== null,
      name,
      firstName,
      lastName,
      nickname: profile.nickname,
      picture: profile.picture,
      locale: profile.locale,
      company: profile.company,
      mobilePhone,
      workPhone: profile.workPhone,
      homePhone: profile.homePhone,
      billingAddress: addressToWire(profile.billingAddress) || null,
      deliveryAddress: addressToWire(profile.deliveryAddress) || null,
      given_name: firstName,
      family_name: lastName,
      phone_number: mobilePhone,
      givenName: firstName,
      familyName: lastName,
      phoneNumber: mobilePhone,
    }),
    tags,
    // The published types know texts and numbers; everything else is at /user-metadata.
    user_metadata: Object.fromEntries(
      Object.entries(metadata).filter(([, value]) => typeof value === "string" || typeof value === "number"),
    ),
    createdAt: profile.createdAt.toISOString(),
    updatedAt: profile.updatedAt.toISOString(),
  };
}
