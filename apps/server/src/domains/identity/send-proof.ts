import type { Tx } from "../../platform/database/index.ts";
import type { Deps } from "../../platform/deps.ts";
import { queueMail } from "../../platform/mail/index.ts";
import type { Paywall } from "../paywalls/index.ts";
import type { Tenant } from "../tenants/index.ts";
import { normalizeEmail } from "./customer.ts";
import { type MailKind, takeMailLimit, takeStartLimit } from "./limits.ts";
import { storableMeta } from "./link-to-paywall.ts";
import { proofMail } from "./mails.ts";
import {
  type CodePayload,
  createOneTimeCode,
  findPendingConfirmation,
  type Purpose,
} from "./one-time-codes.ts";
import { findCustomerByEmail } from "./queries.ts";

export type MailDeps = Pick<Deps, "clock" | "config" | "db" | "ids" | "jobs" | "keys" | "random">;

export type MailRequest = {
  tenant: Tenant;
  /** Null at the login service, which has none. */
  paywall: Paywall | null;
  email: string;
  now: Date;
  clientAddress: string;
  /** The page that a sign-in code's link leads to, if it can sign in there. */
  signInUrl?: ((linkToken: string) => string) | undefined;
};

/**
 * Makes a proof and queues its mail. With `deliver: false` it does the same work, and the code that is
 * written is told to nobody: known and unknown addresses take alike.
 */
export async function sendProof(
  tx: Tx,
  deps: Omit<MailDeps, "db">,
  input: Omit<MailRequest, "clientAddress"> & {
    purpose: Purpose;
    customerId: string | null;
    payload?: CodePayload;
    deliver: boolean;
  },
): Promise<void> {
  const { tenant, paywall, email, purpose, deliver, now } = input;
  const { code, linkToken } = await createOneTimeCode(tx, deps, {
    tenantId: tenant.id,
    paywallId: paywall?.id ?? null,
    customerId: input.customerId,
    email,
    purpose,
    payload: input.payload ?? {},
    decoy: !deliver,
    now,
  });
  const mail = proofMail(
    { tenant, paywall, baseUrl: deps.config.baseUrl },
    { email, purpose, code, linkToken, signInUrl: input.signInUrl },
  );
  if (deliver) await queueMail(tx, deps, mail);
}

async function limited(
  deps: MailDeps,
  kind: MailKind,
  request: MailRequest,
  send: (tx: Tx, email: string) => Promise<void>,
) {
  const email = normalizeEmail(request.email);
  await takeStartLimit(deps.db, deps, { ...request, tenantId: request.tenant.id });
  await takeMailLimit(deps.db, { tenantId: request.tenant.id, kind, email, now: request.now });
  await deps.db.transaction((tx) => send(tx, email));
}

/**
 * Mails a sign-in code. Nobody is created yet: that happens when the code comes back. With
 * `createUser: false` an unknown address gets no mail and the same answer.
 * @throws `over_email_send_rate_limit` for a second one within a minute.
 */
export function sendSignInCode(
  deps: MailDeps,
  request: MailRequest & { createUser: boolean; userMeta?: Record<string, string> | undefined },
): Promise<void> {
  return limited(deps, "otp", request, async (tx, email) => {
    const customer = await findCustomerByEmail(tx, request.tenant.id, email);
    const payload: CodePayload = {
      createUser: request.createUser,
      userMeta: storableMeta(request.userMeta ?? {}),
    };
    const deliver = customer !== null || request.createUser;
    await sendProof(tx, deps, {
      ...request,
      email,
      purpose: "email",
      customerId: customer?.id ?? null,
      payload,
      deliver,
    });
  });
}

/**
 * Mails the way to a new password, to any customer: someone who only ever paid as a guest may choose their
 * first one like this. @throws `over_email_send_rate_limit`
 */
export function sendPasswordReset(deps: MailDeps, request: MailRequest): Promise<void> {
  return limited(deps, "reset", request, async (tx, email) => {
    const customer = await findCustomerByEmail(tx, request.tenant.id, email);
    const deliver = customer !== null;
    await sendProof(tx, deps, {
      ...request,
      email,
      purpose: "recovery",
      customerId: customer?.id ?? null,
      deliver,
    });
  });
}

/** Mails a pending confirmation again, with a new code and the password given at sign-up. @throws `over_email_send_rate_limit` */
export function resendConfirmation(deps: MailDeps, request: MailRequest): Promise<void> {
  return limited(deps, "confirm", request, async (tx, email) => {
    const pending = await findPendingConfirmation(tx, request.tenant.id, email);
    await sendProof(tx, deps, {
      ...request,
      email,
      purpose: pending?.purpose ?? "signup",
      customerId: pending?.customerId ?? null,
      payload: pending?.payload ?? {},
      deliver: pending !== null,
    });
  });
}
