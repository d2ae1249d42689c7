import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DatabaseAccount } from "./database-account.ts";
import { chownToAccount } from "./placement.ts";

const prefix = "tollgate-pg-";

/**
 * Makes a private directory for the database's socket. Not in the data directory: the path of a socket may be only
 * about a hundred characters long, and some shared file systems cannot hold one at all.
 */
export function makeSocketDir(account: DatabaseAccount): string {
  const short = tmpdir().length > 60 ? "/tmp" : tmpdir();
  const directory = mkdtempSync(join(short, prefix));
  chownToAccount(account, directory);
  return directory;
}

/** Removes a directory of ours, and nothing that merely stands in its place in a damaged file. */
export function removeSocketDir(directory: string): void {
  if (basename(directory).startsWith(prefix)) rmSync(directory, { recursive: true, force: true });
}
