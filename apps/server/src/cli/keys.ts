import { MANAGEMENT_RESOURCES } from "@tollgate/protocol/management-api/endpoint";
import { announceVaultKey, rotateVaultKey } from "../domains/signed-links/index.ts";
import {
  createApiKey,
  listApiKeys,
  listTenants,
  revokeApiKey,
  type Tenant,
} from "../domains/tenants/index.ts";
import type { Deps } from "../platform/deps.ts";
import { StartError } from "../platform/start-error.ts";
import { withInstallation } from "./installation.ts";
import { paint, say, sayTable } from "./terminal.ts";

const SCOPES = new Set(
  ["management", ...MANAGEMENT_RESOURCES].flatMap((resource) => [`${resource}:read`, `${resource}:write`]),
);

type TenantOption = { tenant?: string };

async function chooseTenant(deps: Deps, { tenant: slug }: TenantOption): Promise<Tenant> {
  const tenants = await listTenants(deps.db);
  const known = tenants.map((tenant) => tenant.slug).join(", ");
  if (slug) {
    const chosen = tenants.find((tenant) => tenant.slug === slug);
    if (!chosen) throw new StartError(`There is no tenant "${slug}". Known: ${known || "none"}.`);
    return chosen;
  }
  const [only, ...others] = tenants;
  if (!only) throw new StartError("There is no tenant yet; make one with: tollgate apply <file>.");
  if (others.length > 0) throw new StartError(`Which tenant? Add --tenant with one of: ${known}.`);
  return only;
}

export async function createKeyCommand(
  options: TenantOption & {
    name: string;
    kind: "secret" | "publishable" | "ingest";
    mode: "test" | "live";
    scope?: string[];
  },
): Promise<void> {
  const unknown = options.scope?.find((it) => !SCOPES.has(it));
  if (unknown !== undefined) {
    throw new StartError(`There is no scope ${unknown}. Known: ${[...SCOPES].join(", ")}.`);
  }
  await withInstallation(async (deps) => {
    const tenant = await chooseTenant(deps, options);
    const { name, kind, mode, scope: scopes = [] } = options;
    const key = await deps.db.transaction((tx) =>
      createApiKey(tx, deps, { tenantId: tenant.id, name, kind, mode, scopes }),
    );
    sayTable([
      ["Id", key.id],
      ["May", scopes.join(", ") || "everything"],
      ["Key", paint("bold", key.secret)],
    ]);
    say("  It is shown this once; keep it in a safe place.");
  });
}

export async function listKeysCommand(options: TenantOption): Promise<void> {
  await withInstallation(async (deps) => {
    const tenant = await chooseTenant(deps, options);
    const keys = await listApiKeys(deps.db, tenant.id);
    if (keys.length === 0) return say(`${tenant.name} has no API keys.`);
    for (const key of keys) {
      const used = key.lastUsedAt ? `used ${key.lastUsedAt.toISOString()}` : "never used";
      const may = key.scopes.length > 0 ? `, may ${key.scopes.join(" ")}` : "";
      say(
        `${key.id}  ${key.hint.padEnd(16)}  ${key.active ? "active " : "revoked"}  ${key.name} (${used}${may})`,
      );
    }
  });
}

export async function revokeKeyCommand(id: string, options: TenantOption): Promise<void> {
  await withInstallation(async (deps) => {
    const tenant = await chooseTenant(deps, options);
    const known = await deps.db.transaction((tx) => revokeApiKey(tx, tenant.id, id, deps.clock.now()));
    if (!known) throw new StartError(`${tenant.name} has no key ${id}.`);
    say(`Revoked ${id}.`);
  });
}

/** Gives signed links another key: announced first, at once, or instead of all before it when one has become known. */
export async function rotateLinkKeyCommand(
  options: TenantOption & { now?: boolean; revoke?: boolean },
): Promise<void> {
  await withInstallation(async (deps) => {
    const tenant = await chooseTenant(deps, options);
    if (!options.now && !options.revoke) {
      const id = await announceVaultKey(deps, tenant.id);
      return say(`${id} is published at /vault-jwks.json; it signs ${tenant.name}'s links in half an hour.`);
    }
    const id = await rotateVaultKey(deps, tenant.id, { revoke: options.revoke });
    const before = options.revoke ? "have ended" : "hold until they are over";
    say(`${id} signs ${tenant.name}'s links from now on. Links of the key before it ${before}.`);
  });
}
