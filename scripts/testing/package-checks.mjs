import { readFileSync } from "node:fs";
import { packAll } from "./packed.mjs";

/**
 * What npm users would meet: publint looks at the manifest and at what it points to, are-the-types-wrong at what
 * TypeScript finds under each way of resolving. Both read the tarballs, not the directories.
 *
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export async function checkPackages() {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const complaints = [];
  for (const { name, tarball } of await packAll()) {
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      strict: true,
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    });
    for (const message of messages)
      complaints.push(`${name}: ${formatMessage(message, pkg, { color: false })}`);

    const { types, problems = [] } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
    if (!types) complaints.push(`${name}: the tarball has no types`);
    // The resolution of before 2021 knows no `exports`; TypeScript itself has dropped it.
    for (const problem of problems.filter(({ resolutionKind }) => resolutionKind !== "node10"))
      complaints.push(`${name}: ${describe(problem)}`);
  }
  return { ok: complaints.length === 0, output: complaints.join("\n") };
}

function describe({ kind, entrypoint, resolutionKind, ...rest }) {
  const where = [entrypoint, resolutionKind].filter(Boolean).join(" under ");
  return `${kind}${where && `, ${where}`}: ${JSON.stringify(rest)}`;
}
