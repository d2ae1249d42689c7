import {
  type OtpType,
  otpSendRequest,
  otpVerifyRequest,
  passwordResetRequest,
  passwordUpdateRequest,
} from "@tollgate/protocol/paywall-api/auth";
import { Hono } from "hono";
import {
  type Purpose,
  sendPasswordReset,
  sendSignInCode,
  updatePassword,
  verifyCode,
} from "../../../domains/identity/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { PaywallEnv } from "../context.ts";
import {
  readBody,
  replayable,
  requireBearer,
  requireCustomDomain,
  signInContext,
  toSignedIn,
} from "./request.ts";

// What each `type` may prove. A code for signing in also finds the mail of a sign-up, whose reader proves
// the same thing. Invitations do not exist yet, so nothing proves one.
const PURPOSES: Record<OtpType, Purpose[]> = {
  email: ["email", "signup", "upgrade"],
  magiclink: ["email", "signup", "upgrade"],
  signup: ["signup", "upgrade"],
  recovery: ["recovery"],
  invite: [],
};

const REPLAY_SECONDS = 60;

/** Mailed codes and passwords: paywall API §5.5 to §5.8. */
export function codeRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/otp/send", async (c) => {
      const body = await readBody(c, otpSendRequest);
      const context = signInContext(deps, c, body);
      await sendSignInCode(deps, { ...context, email: body.email, createUser: body.create_user });
      return c.json({ ok: true });
    })
    .post("/otp/verify", async (c) => {
      const body = await readBody(c, otpVerifyRequest);
      const context = signInContext(deps, c, body);
      const { email, token, type } = body;
      // A mirror may deliver the request twice; the code works once (paywall API §1.9).
      const request = {
        scope: "otp/verify",
        key: `${email} ${type} ${token}`,
        fingerprint: null,
        ttlSeconds: REPLAY_SECONDS,
      };
      const signedIn = async () =>
        toSignedIn(await verifyCode(deps, { ...context, email, token, purposes: PURPOSES[type] }));
      return c.json(await replayable(deps, c, request, signedIn));
    })
    .post("/password/request-reset", async (c) => {
      const body = await readBody(c, passwordResetRequest);
      requireCustomDomain(c);
      await sendPasswordReset(deps, { ...signInContext(deps, c, {}), email: body.email });
      return c.json({ ok: true });
    })
    .post("/password/update", async (c) => {
      const { customer } = await requireBearer(deps, c);
      const { password } = await readBody(c, passwordUpdateRequest);
      await updatePassword(deps, {
        tenant: c.get("tenant"),
        paywall: c.get("paywall"),
        customer,
        password,
        now: c.get("now"),
      });
      return c.json({ ok: true, user: { id: customer.uuid, email: customer.email } });
    });
}
