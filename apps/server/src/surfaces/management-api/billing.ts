import * as wire from "@tollgate/protocol/management-api/billing";
import {
  type ContractStatement,
  cancelContract,
  findContract,
  findVendorsBill,
  listVendorsBills,
  listVendorsContracts,
  listVendorsTransactions,
  readContracts,
  refundBill,
  type VendorsBill,
  type VendorsTransaction,
} from "../../domains/billing/index.ts";
import type { Tenant } from "../../domains/tenants/index.ts";
import { mapPage } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { AppError } from "../../platform/errors.ts";
import type { Mode } from "../../platform/events.ts";
import { parseMajor, toMajor } from "../../platform/money.ts";
import { accountUrlOf } from "../hosted/account-links.ts";
import { billToWire } from "../publisher-api/bills.ts";
import { CONTRACT_STATUS, contractToWire } from "../publisher-api/contracts.ts";
import { noSuchResource } from "../publisher-api/errors.ts";
import { transactionToWire } from "../publisher-api/transactions.ts";
import { carryOut } from "./carry-out.ts";
import { missing } from "./missing.ts";
import type { Operations } from "./operations.ts";
import { userNamed } from "./users.ts";

const ALONE = { limit: 1, offset: 0, after: null };

/** Publisher API §8.2: what was agreed, what is owed and what moved. */
export function billingOperations(deps: Deps, operations: Operations): void {
  const { db, clock } = deps;
  const customerOf = async (tenant: Tenant, userId: string | undefined) =>
    userId && (await userNamed(deps, tenant, userId)).id;

  /** @throws 403 for another vendor's contract, 404 for none, and for one of the other mode: a test key moves no money */
  const contractNamed = async (tenant: Tenant, mode: Mode, id: string): Promise<ContractStatement> => {
    const contract = await findContract(db, tenant.id, id);
    if (contract?.mode !== mode) throw await missing(db, tenant, "contract", id);
    const scope = { tenantId: tenant.id, mode, ids: [id] };
    const [statement] = await readContracts(db, scope, clock.now());
    if (!statement) throw noSuchResource();
    return statement;
  };
  const billNamed = async (tenant: Tenant, mode: Mode, id: string): Promise<VendorsBill> => {
    const bill = await findVendorsBill(db, { tenantId: tenant.id, mode, id });
    if (!bill) throw await missing(db, tenant, "bill", id);
    return bill;
  };
  const shownContract = async (tenant: Tenant, contract: ContractStatement, now: Date) =>
    contractToWire(contract, { now, accountUrl: await accountUrlOf(deps, tenant) });

  operations
    .on(wire.listContracts, async ({ tenant, mode, now, query, page }) => {
      const states = query.status && statesOf(query.status);
      const customerId = await customerOf(tenant, query.userId);
      const filter = { tenantId: tenant.id, mode, customerId, states, sku: query.sku };
      const accountUrl = await accountUrlOf(deps, tenant);
      return mapPage(await listVendorsContracts(db, filter, page, clock.now()), (it) =>
        contractToWire(it, { now, accountUrl }),
      );
    })
    .on(wire.getContract, async ({ tenant, mode, now, params }) =>
      shownContract(tenant, await contractNamed(tenant, mode, params.id), now),
    )
    .on(wire.cancelContract, async ({ tenant, mode, now, params, body }) => {
      const contract = await contractNamed(tenant, mode, params.id);
      if (contract.duration !== "RECURRING") {
        throw new AppError("not_cancellable", 409, "This was paid once and does not renew.");
      }
      const ending = { tenantId: tenant.id, contractId: contract.id, ...body };
      const asked = await db.transaction((tx) => cancelContract(tx, deps, ending));
      if (asked.outcome === "not_found") throw noSuchResource();
      // A processor that does not answer now is asked again; the wish stands from here on.
      if (asked.outcome === "requested") await carryOut(deps, [asked.intentId]);
      return shownContract(tenant, await contractNamed(tenant, mode, params.id), now);
    });

  operations
    .on(wire.listBills, async ({ tenant, mode, query, page }) => {
      const { contractId, status, q } = query;
      const customerId = await customerOf(tenant, query.userId);
      const filter = { tenantId: tenant.id, mode, customerId, contractId, status, search: q?.trim() };
      return mapPage(await listVendorsBills(db, filter, page), (it) => vendorsBill(deps, it));
    })
    .on(wire.getBill, async ({ tenant, mode, params }) =>
      vendorsBill(deps, await billNamed(tenant, mode, params.id)),
    )
    .on(wire.refundBill, async ({ tenant, mode, params, body }) => {
      const { id: billId, currency } = await billNamed(tenant, mode, params.id);
      const { amount, reason } = body;
      const wanted = amount === undefined ? {} : { amountMinor: parseMajor(amount, currency) };
      const { intentId, amountMinor } = await db.transaction((tx) =>
        refundBill(tx, deps, { tenantId: tenant.id, billId, reason, ...wanted }),
      );
      await carryOut(deps, [intentId]);
      return { success: true, amount: toMajor(amountMinor, currency), currency };
    });

  operations
    .on(wire.listTransactions, async ({ tenant, mode, query, page }) => {
      const { contractId, billId } = query;
      const customerId = await customerOf(tenant, query.userId);
      const [kind, state] = [query.type?.toLowerCase(), query.status?.toLowerCase()];
      const filter = { tenantId: tenant.id, mode, customerId, contractId, billId, kind, state };
      return mapPage(await listVendorsTransactions(db, filter, page), vendorsTransaction);
    })
    .on(wire.getTransaction, async ({ tenant, mode, params }) => {
      const filter = { tenantId: tenant.id, mode, id: params.id };
      const [found] = (await listVendorsTransactions(db, filter, ALONE)).items;
      if (!found) throw await missing(db, tenant, "transaction", params.id);
      return vendorsTransaction(found);
    });
}

const statesOf = (status: string): ContractStatement["state"][] =>
  (Object.keys(CONTRACT_STATUS) as ContractStatement["state"][]).filter(
    (it) => CONTRACT_STATUS[it] === status,
  );

const vendorsBill = (deps: Pick<Deps, "config" | "keys">, bill: VendorsBill) => ({
  ...billToWire(deps, bill),
  contractId: bill.contractId,
  userId: bill.userId,
  number: bill.number,
  refunded: toMajor(bill.refundedMinor, bill.currency),
});

const vendorsTransaction = (it: VendorsTransaction) => ({
  ...transactionToWire(it),
  type: it.kind.toUpperCase(),
  status: it.state.toUpperCase(),
});
