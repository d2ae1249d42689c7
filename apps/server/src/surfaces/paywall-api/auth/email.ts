import {
  type EmailSignUpResponse,
  emailResendRequest,
  emailSignInRequest,
  emailSignUpRequest,
} from "@tollgate/protocol/paywall-api/auth";
import { Hono } from "hono";
import { resendConfirmation, type SignUpResult, signIn, signUp } from "../../../domains/identity/index.ts";
import type { Deps } from "../../../platform/deps.ts";
import type { PaywallEnv } from "../context.ts";
import { readBody, requireCustomDomain, signInContext, toSignedIn, withIdempotencyKey } from "./request.ts";

/** E-mail and password: paywall API §5.2 to §5.4. */
export function emailRoutes(deps: Deps): Hono<PaywallEnv> {
  return new Hono<PaywallEnv>()
    .post("/email/signin", async (c) => {
      const body = await readBody(c, emailSignInRequest);
      const context = signInContext(deps, c, body);
      const signedIn = async () => toSignedIn(await signIn(deps, { ...context, ...body }));
      return c.json(await withIdempotencyKey(deps, c, "email/signin", body, signedIn));
    })
    .post("/email/signup", async (c) => {
      const body = await readBody(c, emailSignUpRequest);
      requireCustomDomain(c);
      const context = signInContext(deps, c, body);
      const signedUp = async () => toSignUpResponse(body.email, await signUp(deps, { ...context, ...body }));
      return c.json(await withIdempotencyKey(deps, c, "email/signup", body, signedUp));
    })
    .post("/email/resend", async (c) => {
      const body = await readBody(c, emailResendRequest);
      requireCustomDomain(c);
      const resent = async () => {
        await resendConfirmation(deps, { ...signInContext(deps, c, {}), email: body.email });
        return { ok: true as const };
      };
      return c.json(await withIdempotencyKey(deps, c, "email/resend", body, resent));
    });
}

function toSignUpResponse(email: string, result: SignUpResult): EmailSignUpResponse {
  switch (result.outcome) {
    case "signed_in":
      return { status: "signed_in", ...toSignedIn(result.session) };
    case "confirmation_required":
      return { status: "confirmation_required", user: { id: result.customer.uuid, email } };
    case "already_registered":
      return { status: "already_registered", email };
  }
}
