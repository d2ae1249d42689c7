import { sql, type Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";

// Loaded with the first password: most calls of most servers need none.
const argon2 = () => import("@node-rs/argon2");

// Argon2id (the library's default) with the smallest memory that OWASP recommends: 19 MiB, two passes.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Two keyboards may spell one character differently; NIST SP 800-63B asks to treat them alike.
const canonical = (password: string): string => password.toWellFormed().normalize("NFKC");

/** Slow on purpose: never call it inside a transaction. */
export const hashPassword = async (password: string): Promise<string> =>
  (await argon2()).hash(canonical(password), PARAMETERS);

let decoy: Promise<string> | undefined;

/**
 * Whether the password is the one behind the hash. Without a hash it does the same work and answers no,
 * so that the time of the answer does not tell who has an account.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword("nobody has this password");
  const { verify } = await argon2();
  const matches = await verify(passwordHash ?? (await decoy), canonical(password));
  return matches && passwordHash !== null;
}

/** Gives a customer a password that works from now on, replacing the one before. */
export async function setPassword(
  tx: Tx,
  deps: Pick<Deps, "ids">,
  input: { tenantId: string; customerId: string; passwordHash: string; now: Date },
): Promise<void> {
  const { tenantId, customerId, passwordHash, now } = input;
  await tx.execute(sql`
    insert into identities as i (id, tenant_id, customer_id, provider, subject, secret_hash, verified_at, created_at)
    values (${deps.ids.next("identity")}, ${tenantId}, ${customerId}, 'password', ${customerId}, ${passwordHash}, ${now}, ${now})
    on conflict (tenant_id, provider, subject) do update
      set secret_hash = excluded.secret_hash, verified_at = excluded.verified_at`);
}
