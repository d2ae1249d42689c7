import type { OpenApiOperation } from "@tollgate/protocol/openapi";

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Which proof the example shows: none where none is needed, else the first kind that the operation takes. */
function credential(operation: OpenApiOperation): string | null {
  const kinds = (operation.security ?? []).flatMap((option) => Object.keys(option)[0] ?? "none");
  if (kinds.length === 0 || kinds[0] === "none") return null;
  if (kinds[0] === "backEnd") return "Authorization: Bearer $SECRET_KEY";
  return kinds[0] === "bearer" ? "Authorization: Bearer $ACCESS_TOKEN" : "X-Api-Key: $SECRET_KEY";
}

/** A command that can be pasted into a shell as it stands, but for tokens, which are shell variables. */
export function curlCommand(
  baseUrl: string,
  method: string,
  path: string,
  operation: OpenApiOperation,
): string {
  const given = (operation.parameters ?? []).filter((it) => it.example !== undefined);
  const query = new URLSearchParams(
    given.filter((it) => it.in === "query").map((it): [string, string] => [it.name, String(it.example)]),
  );
  const filled = given
    .filter((it) => it.in === "path")
    .reduce((address, it) => address.replace(`{${it.name}}`, encodeURIComponent(String(it.example))), path);
  const lines = [`curl ${quote(`${baseUrl}${filled}${query.size > 0 ? `?${query}` : ""}`)}`];
  if (method !== "get") lines[0] = lines[0]!.replace("curl ", `curl -X ${method.toUpperCase()} `);
  const proof = credential(operation);
  if (proof) lines.push(`-H "${proof}"`);
  for (const header of given.filter((it) => it.in === "header"))
    lines.push(`-H ${quote(`${header.name}: ${header.example}`)}`);
  const [kind = "", media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = media?.example;
  if (body !== undefined) {
    lines.push(`-H 'Content-Type: ${kind}'`);
    const text = typeof body === "string" ? body : JSON.stringify(body, null, 2).replaceAll("\n", "\n  ");
    lines.push(`-d ${quote(text)}`);
  }
  return lines.join(" \\\n  ");
}
