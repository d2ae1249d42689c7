// That the check of answers against the published types could have failed.
import { expect, test } from "vitest";
import { complaintsAbout } from "./published-types.ts";

const contract = {
  id: "ct_1",
  name: "Everything",
  userId: "u",
  createdAt: "2031-03-01T10:00:00.000Z",
  updatedAt: "2031-03-01T10:00:00.000Z",
  price: 4.9,
  nextBillAt: null,
  nextPrice: null,
  currency: "EUR",
  items: [{ sku: "sid:daily", name: "Everything" }],
  status: "ACTIVE",
  isActive: true,
  recurringInterval: "MONTH",
  willCancelAt: null,
  appliedDiscounts: [],
  somethingMore: { that: ["the declarations do not name"] },
};

test("an answer that fits the published declarations is not complained about, whatever else is in it", async () => {
  const answers = [
    { method: "client.contracts.list", value: [contract] },
    { method: "client.contracts.list", value: [] },
    { method: "management.contracts.get", value: contract },
    { method: "management.users.delete", value: null },
    { method: "client.tags.list", value: ["a b"] },
    { method: "client.profile.delete", value: undefined },
  ];
  expect(await complaintsAbout(answers)).toEqual([]);
});

test("an answer that does not fit is complained about by its method: a member missing, null, of another type or word", async () => {
  const { willCancelAt: _, ...without } = contract;
  const wrong: unknown[] = [
    without,
    { ...contract, currency: null },
    { ...contract, price: "4.90" },
    { ...contract, recurringInterval: "QUARTER" },
    { ...contract, items: [{ sku: "sid:daily", name: null }] },
    { data: [contract] },
    null,
  ];
  const answers = [
    ...wrong.map((it) => ({ method: "client.contracts.list", value: [it] })),
    { method: "management.contracts.list", value: { data: [contract] } },
    { method: "client.tallies.push", value: { value: ["a"] } },
  ];
  const complaints = await complaintsAbout(answers);
  expect(complaints.map((it) => it.split(":")[0])).toEqual(answers.map(({ method }) => method));
});
