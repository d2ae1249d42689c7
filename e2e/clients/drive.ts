import { CARDS, pay, postForm } from "../../apps/server/test/selling.ts";
import type { ClientSDK, ManagementSDK, SDKConfig } from "../../packages/client/src/index.ts";
import type { Newsroom } from "./newsroom.ts";
import type { Answer } from "./published-types.ts";

/** The two functions that the published SDK and our own have in common. */
export type Library = {
  client(config: SDKConfig): ClientSDK;
  management(config: SDKConfig): ManagementSDK;
};

/** Every function inside an object of objects, by its dotted name. */
export function methodsOf(api: object, prefix: string): string[] {
  return Object.entries(api).flatMap(([name, inner]) =>
    typeof inner === "function" ? [`${prefix}.${name}`] : methodsOf(inner as object, `${prefix}.${name}`),
  );
}

/** The same object, whose methods also note what they gave. */
function noting<T extends object>(api: T, prefix: string, note: (answer: Answer) => void): T {
  return Object.fromEntries(
    Object.entries(api).map(([name, inner]) => {
      const method = `${prefix}.${name}`;
      if (typeof inner !== "function") return [name, noting(inner as object, method, note)];
      const called = (...args: unknown[]) => {
        const result: unknown = inner(...args);
        if (!(result instanceof Promise)) {
          note({ method, value: result });
          return result;
        }
        return result.then(
          (value) => {
            note({ method, value });
            return value;
          },
          (error) => {
            throw new Error(`${method}: ${(error as Error).message}`, { cause: error });
          },
        );
      };
      return [name, called];
    }),
  ) as T;
}

/**
 * Calls every method of a library as a reader and a back end of a newsroom would, each at least once and each so that
 * it finds something, and gives everything that was answered.
 *
 * @param who part of the addresses of the people who are made up for it
 */
export async function drive(library: Library, newsroom: Newsroom, who: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  const note = (answer: Answer) => answers.push(answer);
  const as = (token: string): SDKConfig => ({ baseUrl: newsroom.origin, tokenProvider: async () => token });
  const email = `${who}@reader.example`;
  const token = await newsroom.readerToken(email);
  const reader = noting(library.client(as(token)), "client", note);
  const backEnd = noting(library.management(as(newsroom.backEndToken)), "management", note);

  await readersOwnThings(reader, email);
  const granted = await rightsFromElsewhere(backEnd, reader, email);
  await reading(library, newsroom, reader, granted, note);
  await buying(newsroom, reader, email);
  await people(backEnd, `${who}-managed@reader.example`, email);
  await books(backEnd);
  await catalogue(backEnd, who);

  await reader.profile.delete();
  return answers;
}

async function readersOwnThings(reader: ClientSDK, email: string): Promise<void> {
  const { userId } = await reader.profile.get("me");
  await reader.profile.get(userId);
  await reader.profile.update(userId, { firstName: "Ada", lastName: "Reader" });
  await reader.profile.checkSpotifyLink();
  await reader.profile.unlinkSpotify();

  await reader.userMetadata.set("theme", "dark");
  await reader.userMetadata.set("seen", '{"intro":true}');
  await reader.userMetadata.get();
  await reader.userMetadata.delete("theme");

  const id = `reads-${email.split("@")[0]}`;
  await reader.tallies.create({
    id,
    value: ["a", 1],
    policies: { maxItems: 5, overflow: "fifo", unique: true },
  });
  await reader.tallies.push(id, { value: "b" });
  await reader.tallies.update(id, { value: ["c"], policies: { ttl: 3600 } });
  await reader.tallies.get(id);
  await reader.tallies.list();
  await reader.tallies.delete(id);

  await reader.tags.add("likes chess");
  await reader.tags.list();
  await reader.tags.remove("likes chess");
  await reader.vendor.get();
}

/** A grant to the reader's address, and what else is done with lists. Gives the entitlement that came of it. */
async function rightsFromElsewhere(backEnd: ManagementSDK, reader: ClientSDK, email: string) {
  const { accessLists } = backEnd;
  const list = await accessLists.create({ name: "Partners", type: "MANUAL", status: "ACTIVE" });
  await accessLists.update(list.id, {
    name: "Partners",
    type: "MANUAL",
    status: "ACTIVE",
    description: "Theirs",
  });
  await accessLists.patch(list.id, { name: "Friends" });
  await accessLists.get(list.id);
  await accessLists.list();
  const product = await backEnd.products.get("sid:article");
  const [option] = (product as unknown as { purchaseOptions: { id: string }[] }).purchaseOptions;
  const grant = { email, sku: "sid:article", poId: option?.id ?? "", status: "ACTIVE" } as const;
  const { id } = await accessLists.grants.create(list.id, { ...grant, source: list.id, notes: "A present" });
  await accessLists.grants.get(list.id, id);
  await accessLists.grants.list(list.id);
  await accessLists.grants.update(list.id, id, { ...grant, lastName: "Reader", extraFields: { order: "7" } });
  const other = await accessLists.grants.create(list.id, { ...grant, source: list.id, email: `x-${email}` });
  await accessLists.grants.delete(list.id, other.id);

  await reader.products.autoOnboard("sid:article");
  const [entitlement] = await reader.entitlements.list({ sku: "sid:article" });
  if (!entitlement) throw new Error("the grant gave no entitlement");
  return entitlement;
}

async function reading(
  library: Library,
  newsroom: Newsroom,
  reader: ClientSDK,
  { id, createdAt }: { id: string; createdAt: string },
  note: (answer: Answer) => void,
): Promise<void> {
  await reader.entitlements.list();
  await reader.entitlements.list({
    type: "article",
    waitForEntitlementAfter: new Date(Date.parse(createdAt) - 1000).toISOString(),
  });
  await reader.entitlements.get(id);
  const access = await reader.entitlements.getAccess(id);
  // The SDK has no other way to hand an entitlement's token to the proxy than to be that token's client.
  const content = library.client({
    baseUrl: newsroom.origin,
    tokenProvider: async () => `Bearer ${access.token}`,
  });
  await noting(content, "client", note).proxy.content(newsroom.articleUrl, "#text");
  await reader.paywalls.get(newsroom.paywallId);
  await reader.paywalls.get(`${newsroom.origin}/paywalls/daily/${newsroom.paywallId}`);
  await reader.products.get("sid:article");
  // Readers belong to one vendor, so this list is a back end's.
  const backEnd = library.client({
    baseUrl: newsroom.origin,
    tokenProvider: async () => newsroom.backEndToken,
  });
  await noting(backEnd, "client", note).vendor.list();
}

async function buying(newsroom: Newsroom, reader: ClientSDK, email: string): Promise<void> {
  const redirectUrl = "https://www.daily.example/thanks";
  const items = [{ sku: "sid:daily", purchaseOptionId: newsroom.option("monthly") }];
  const created = await reader.checkouts.create({
    items,
    redirectUrl,
    requestedDiscountCodes: ["NOBODY-KNOWS"],
  });
  await reader.checkouts.update(created.id, { givenName: "Ada", familyName: "Reader", email });
  // Paid now; the next payment will fail.
  await payAt(newsroom, created.checkoutUrl, CARDS.failsLater);
  await reader.checkouts.get(created.id);
  const link = { baseUrl: newsroom.origin, clientId: "daily" };
  reader.checkouts.generateLink({ apiUrl: newsroom.origin }, { items, redirectUrl });
  reader.links.generateCheckoutLink({ apiUrl: newsroom.origin }, { items, redirectUrl });

  const [contract] = await reader.contracts.list();
  if (!contract) throw new Error("what was bought is no contract");
  await reader.contracts.get(contract.id);
  await reader.subscriptions.list();
  await reader.subscriptions.get(contract.id);
  const { language, contractId } = { language: "en", contractId: contract.id };
  reader.links.generateAccountLink(link, { language });
  reader.links.generateChangePaymentLink(link, { language, contractId });
  reader.links.generateChangePlanLink(link, { language, contractId });
  reader.links.generateConsumeLink(link, { sku: "sid:daily" });

  {
    const amendment = await reader.contracts.createAmendment(contract.id, {
      amendmentType: "DISCOUNT",
      discountCode: "SPRING",
    });
    await reader.contracts.confirmAmendment(contract.id, amendment.id);
  }
  const [bill] = await reader.bills.list();
  await reader.bills.get(bill?.id ?? "");
  await reader.transactions.list();
  await reader.transactions.list(contract.id);
  await newsroom.passDays(32);
  await eventually(async () => {
    await newsroom.server.settle();
    return (await reader.paymentIssues.list())[0];
  });
  await reader.contracts.cancel(contract.id);

  const print = { sku: "sid:print", purchaseOptionId: newsroom.option("print") };
  await payAt(newsroom, (await reader.checkouts.create({ items: [print], redirectUrl })).checkoutUrl);
  // Deliveries follow the bill a moment later.
  const issue = await eventually(async () => {
    await newsroom.server.settle();
    const [first] = (await reader.fulfillments.list()) as unknown as { itemId: string }[];
    return first;
  });
  await reader.fulfillments.create({ sku: "sid:poster", itemId: issue.itemId });
  await reader.fulfillments.list();
}

/** Pays a checkout as a person does: says yes on its page, and types a card's number at the sandbox. */
async function payAt(newsroom: Newsroom, checkoutUrl: string, card?: string): Promise<void> {
  const { pathname } = new URL(checkoutUrl);
  const page = await (await newsroom.server.fetch(pathname)).text();
  const fields: Record<string, string> = { action: "pay" };
  // What the page has filled in already.
  for (const [, attributes = ""] of page.matchAll(/<input ([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    if (name) fields[name] = /value="([^"]*)"/.exec(attributes)?.[1] ?? "";
  }
  const { location, html } = await postForm(newsroom.server, pathname, fields);
  if (!location) throw new Error(`the checkout does not lead to a payment: ${html.slice(0, 2000)}`);
  const paid = await pay(newsroom.server, location, card);
  if (paid.status !== 303) throw new Error(`not paid: ${paid.status}`);
}

/** What a question comes to be answered with. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 200; i += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("what was waited for did not come");
}

async function people({ users, customers, entitlements }: ManagementSDK, email: string, known: string) {
  const [reader] = await users.list({ search: known, limit: 5 });
  if (!reader) throw new Error("the reader is not among the users");
  await entitlements.list({ userId: reader.id });
  await customers.get(reader.id);
  const user = await users.create({ email, name: "Bob" });
  await users.get(user.id);
  await users.update(user.id, { name: "Robert" });
  await users.setPassword(user.id, "correct horse battery staple");
  await users.changeLoginIdentifier(user.id, `new-${email}`);
  await users.metadata.set(user.id, "theme", "dark");
  await users.metadata.delete(user.id, "theme");
  await users.delete(user.id);
}

async function books({ contracts, bills, transactions }: ManagementSDK): Promise<void> {
  const [contract] = await contracts.list({ limit: 10 });
  await contracts.get(contract?.id ?? "");
  const [bill] = await bills.list({ limit: 10 });
  await bills.get(bill?.id ?? "");
  await transactions.list({ limit: 10 });
}

async function catalogue({ products, vendors }: ManagementSDK, who: string): Promise<void> {
  const sku = `sid:${who}`;
  await products.create({ sku, title: "Crosswords", productType: "pass" });
  await products.update(sku, { title: "Crosswords and more" });
  await products.get(sku);
  await products.list({ search: "Crosswords" });
  await products.getFulfillments("sid:print");
  await vendors.list();
  await vendors.create({ name: `Another ${who}` });
}
