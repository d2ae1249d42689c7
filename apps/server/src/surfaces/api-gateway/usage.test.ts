import { expect, test } from "vitest";
import { useGateway } from "../../../test/gateway.ts";
import { signedInCustomer } from "../../../test/identity.ts";

const gateway = useGateway();
type Page = { items: { id: string; charged: number; type: string; path: string }[]; next: string | null };

test("a customer reads their own calls page by page, and nobody else's", async () => {
  const provider = await gateway.provider();
  await gateway.give(3);
  for (const path of ["first", "second", "third"]) {
    await (await gateway.call(provider, { path })).text();
    await expect.poll(async () => (await gateway.log()).filter((it) => it.path === path).length).toBe(1);
    gateway.server.clock.advance({ seconds: 1 });
  }
  const read = (query = "", headers: Record<string, string> = gateway.customer.headers) =>
    gateway.server.get<Page>(`${gateway.shop.api("usage")}${query}`, headers);
  const { body: all } = await read();
  expect(all.items.map(({ path, charged, type }) => [path, charged, type])).toEqual([
    ["third", 1, "standard"],
    ["second", 1, "standard"],
    ["first", 1, "standard"],
  ]);
  expect(all.next).toBeNull();
  const { body: page } = await read("?limit=2");
  expect(page.items).toHaveLength(2);
  const { body: rest } = await read(`?limit=2&before=${page.next}`);
  expect(rest.items.map(({ path }) => path)).toEqual(["first"]);

  const stranger = await signedInCustomer(gateway.server, gateway.shop);
  expect((await read("", stranger.headers)).body).toEqual({ items: [], next: null });
  expect((await read(`?before=${page.next}`, stranger.headers)).body.items).toEqual([]);
  expect((await gateway.server.get(gateway.shop.api("usage"))).status).toBe(401);
  expect((await read("?limit=0")).status).toBe(400);
});
