import { createApiKey, saveOAuthClient } from "../src/domains/tenants/index.ts";
import type { TestServer } from "./kit.ts";
import { tokens } from "./login.ts";

const SECRET = "a back end's secret";
let count = 0;

/** Headers of an API key of a tenant; without scopes it may do everything. */
export async function keyOf(
  server: TestServer,
  tenantId: string,
  scopes?: string[],
): Promise<{ authorization: string }> {
  const { deps } = server;
  const input = {
    tenantId,
    name: "back end",
    kind: "secret",
    mode: "test",
    ...(scopes && { scopes }),
  } as const;
  const key = await deps.db.transaction((tx) => createApiKey(tx, deps, input));
  return { authorization: `Bearer ${key.secret}` };
}

/** Headers of a token that a machine client with these scopes was given. */
export async function machineTokenOf(
  server: TestServer,
  tenantId: string,
  scopes: string[],
): Promise<{ authorization: string }> {
  const clientId = `back-end-${++count}`;
  const client = { tenantId, clientId, name: clientId, kind: "machine", origins: [], scopes } as const;
  await server.deps.db.transaction((tx) =>
    saveOAuthClient(tx, server.deps, { ...client, origins: [], secret: SECRET }),
  );
  const { status, body } = await tokens(server, {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: SECRET,
  });
  if (status !== 200) throw new Error(`no token was given: ${JSON.stringify(body)}`);
  return { authorization: `Bearer ${body.access_token}` };
}

/** A call with a JSON body, or with text of another kind. */
export async function call<T = Record<string, unknown>>(
  server: TestServer,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await server.fetch(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text === "" ? null : JSON.parse(text)) as T,
    headers: response.headers,
  };
}
