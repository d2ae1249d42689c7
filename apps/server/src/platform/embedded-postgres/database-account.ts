import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { StartError } from "../start-error.ts";

/** Who the database processes run as. Undefined means: as ourselves, which is right whenever we are not root. */
export type DatabaseAccount = { uid: number; gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root, so root lends it an account that has no powers of its own.
 *
 * A cluster that exists already keeps its owner, because PostgreSQL insists on owning its files; that also lets a
 * server that was once started with sudo go on as the user whose cluster it is.
 *
 * @param cluster where the cluster is or will be
 */
export function chooseDatabaseAccount(cluster: string): DatabaseAccount {
  const us = process.getuid?.();
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (us === undefined) return undefined;
  if (us !== 0) {
    if (owner && owner.uid !== us) {
      throw new StartError(
        `The database in ${cluster} belongs to another user of this machine (uid ${owner.uid}); start Tollgate as that user or as root, or choose another TOLLGATE_DATA_DIR.`,
      );
    }
    return undefined;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findAccount("postgres") ?? findAccount("nobody") ?? { uid: 65534, gid: 65534 };
}

function findAccount(name: string): DatabaseAccount {
  let accounts: string;
  try {
    accounts = readFileSync("/etc/passwd", "utf8");
  } catch {
    return undefined;
  }
  const fields = accounts
    .split("\n")
    .map((line) => line.split(":"))
    .find(([account]) => account === name);
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return fields && uid > 0 && gid >= 0 ? { uid, gid } : undefined;
}

/**
 * Whether the account can walk down to `path` and read it, judging by permission bits alone. An access control list
 * that says otherwise only makes the answer too cautious or ends in PostgreSQL's own complaint.
 */
export function canReach(account: DatabaseAccount, path: string): boolean {
  if (!account) return true;
  for (let directory = resolve(path); ; directory = dirname(directory)) {
    const stat = statSync(directory, { throwIfNoEntry: false });
    if (stat && !mayEnter(account, stat)) return false;
    if (directory === dirname(directory)) return true;
  }
}

function mayEnter(
  account: { uid: number; gid: number },
  stat: { uid: number; gid: number; mode: number },
): boolean {
  if (stat.uid === account.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === account.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
