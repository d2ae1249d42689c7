import * as wire from "@tollgate/protocol/management-api/users";
import {
  assignPassword,
  type Customer,
  createCustomer,
  findCustomerNamed,
  findProfile,
  type Profile,
  type ProfileFields,
  searchCustomers,
  updateProfile,
} from "../../domains/identity/index.ts";
import {
  addTag,
  deleteTag,
  forgetReader,
  listTags,
  listTagUse,
  readerOf,
  readMetadata,
  removeMetadata,
  removeTag,
  renameTag,
  replaceTags,
  setMetadata,
} from "../../domains/readers/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { mapPage, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { check } from "../publisher-api/body.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { profileChanges, profileToWire, unaliased } from "../publisher-api/profile.ts";
import { metadataIn } from "../publisher-api/reader-data.ts";
import { carryOut } from "./carry-out.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";

/** The user of a path. @throws 403 for another vendor's, 404 for none */
export async function userNamed(deps: Pick<Deps, "db">, tenant: Tenant, name: string): Promise<Customer> {
  const found = await findCustomerNamed(deps.db, tenant.id, name);
  if (!found) throw await missing(deps.db, tenant, "customer", name);
  return found;
}

/** Publisher API §8.2: users, what is kept for them, and their tags. */
export function userOperations(deps: Deps, operations: Operations): void {
  const { db } = deps;
  const readerNamed = async (tenant: Tenant, name: string) => {
    const { id: customerId } = await userNamed(deps, tenant, name);
    return { tenantId: tenant.id, reader: readerOf({ customerId }) };
  };
  const shown = async (tenant: Tenant, customerId: string) => {
    const profile = await findProfile(db, tenant.id, customerId);
    if (!profile) throw noSuchResource();
    const who = { tenantId: tenant.id, reader: readerOf({ customerId }) };
    return userToWire(profile, { tags: await listTags(db, who), metadata: await readMetadata(db, who) });
  };
  const change = async (tenant: Tenant, customerId: string, now: Date, body: object) => {
    const { tags, user_metadata: metadata, ...fields } = check(profileChanges, unaliased(body));
    const who = { tenantId: tenant.id, reader: readerOf({ customerId }), now };
    const updated = await updateProfile(deps, {
      tenant,
      customerId,
      fields: fields as Partial<ProfileFields> & { email?: string },
      now,
      also: (tx) => keep(tx, who, tags, metadata),
    });
    if (!updated) throw noSuchResource();
    return shown(tenant, customerId);
  };

  operations
    .on(wire.listUsers, async ({ tenant, query, page }) =>
      mapPage(await searchCustomers(db, tenant.id, query.search ?? "", page), (it) => userToWire(it)),
    )
    .on(wire.createUser, async ({ tenant, now, body }) => {
      const { email: asked, ...rest } = body;
      const { email: _, tags, user_metadata: metadata, ...fields } = check(profileChanges, unaliased(rest));
      const id = await db.transaction(async (tx) => {
        const person = { tenantId: tenant.id, email: asked, fields: fields as Partial<ProfileFields>, now };
        const customer = await createCustomer(tx, deps, person);
        await keep(
          tx,
          { tenantId: tenant.id, reader: readerOf({ customerId: customer.id }), now },
          tags,
          metadata,
        );
        return customer.id;
      });
      return shown(tenant, id);
    })
    .on(wire.getUser, async ({ tenant, params }) =>
      shown(tenant, (await userNamed(deps, tenant, params.userId)).id),
    )
    .on(wire.updateUser, async ({ tenant, now, params, body }) => {
      const { id } = await userNamed(deps, tenant, params.userId);
      return change(tenant, id, now, body);
    })
    .on(wire.deleteUser, async ({ tenant, now, params }) => {
      const { id: customerId } = await userNamed(deps, tenant, params.userId);
      const { intentIds } = await db.transaction((tx) =>
        forgetReader(tx, deps, { tenantId: tenant.id, customerId, now }),
      );
      await carryOut(deps, intentIds);
      return null;
    })
    .on(wire.setUserPassword, async ({ tenant, now, params, body }) => {
      const customer = await userNamed(deps, tenant, params.userId);
      await assignPassword(deps, { tenant, customer, password: body.password, now });
      return null;
    })
    .on(wire.changeUserLogin, async ({ tenant, now, params, body }) => {
      const { id } = await userNamed(deps, tenant, params.userId);
      await change(tenant, id, now, { email: body.email });
      return null;
    })
    .on(wire.setUserMetadata, async ({ tenant, now, params, body }) => {
      const who = await readerNamed(tenant, params.userId);
      await db.transaction((tx) => setMetadata(tx, { ...who, now }, params.key, metadataIn(body)));
      return null;
    })
    .on(wire.deleteUserMetadata, async ({ tenant, params }) => {
      const who = await readerNamed(tenant, params.userId);
      await db.transaction((tx) => removeMetadata(tx, who, params.key));
      return null;
    });

  operations
    .on(wire.listUserTags, async ({ tenant, params }) =>
      listTags(db, await readerNamed(tenant, params.userId)),
    )
    .on(wire.addUserTag, async ({ tenant, now, params }) => {
      const who = await readerNamed(tenant, params.userId);
      await db.transaction((tx) => addTag(tx, { ...who, now }, params.tag));
      return null;
    })
    .on(wire.removeUserTag, async ({ tenant, params }) => {
      const who = await readerNamed(tenant, params.userId);
      await db.transaction((tx) => removeTag(tx, who, params.tag));
      return null;
    })
    .on(wire.listTags, async ({ tenant }) => listTagUse(db, tenant.id))
    .on(wire.renameTag, async ({ tenant, params, body }) => {
      const had = await db.transaction((tx) => renameTag(tx, tenant.id, params.tag, body.tag));
      if (had === 0) throw noSuchResource();
      return (await listTagUse(db, tenant.id, body.tag))[0] ?? { tag: body.tag, users: 0 };
    })
    .on(wire.deleteTag, async ({ tenant, params }) => {
      await db.transaction((tx) => deleteTag(tx, tenant.id, params.tag));
      return null;
    });
}

/** Tags take the place of those before; metadata that is not named stays. */
async function keep(
  tx: Tx,
  who: Parameters<typeof setMetadata>[1],
  tags: string[] | undefined,
  metadata: Record<string, string | number> | undefined,
): Promise<void> {
  if (tags) await replaceTags(tx, who, tags);
  for (const [key, value] of Object.entries(metadata ?? {})) await setMetadata(tx, who, key, value);
}

function userToWire(profile: Profile, kept?: { tags: string[]; metadata: Record<string, unknown> }) {
  const { tags, user_metadata, ...told } = profileToWire(profile, kept?.tags ?? [], kept?.metadata ?? {});
  return { id: profile.uuid, ...told, ...(kept && { tags, user_metadata }) };
}
