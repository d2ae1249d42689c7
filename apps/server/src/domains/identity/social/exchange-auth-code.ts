import { safeEqual, sha256 } from "../../../platform/crypto.ts";
import type { Deps } from "../../../platform/deps.ts";
import { queueMail } from "../../../platform/mail/index.ts";
import { completeSignIn, type SignInContext, type SignInDeps } from "../complete-sign-in.ts";
import { refusal } from "../errors.ts";
import { countFailure, exchangeLimits, refuseOverLimit } from "../limits.ts";
import { signInAddedMail } from "../mails.ts";
import type { IssuedSession } from "../sessions.ts";
import { endFlow, lockReturnedFlow } from "./flow.ts";
import { ownIdentity } from "./own-identity.ts";

/**
 * Turns the code from a callback page into a session, once, for whoever knows the verifier of the challenge
 * that the sign-in began with. A wrong verifier does not use the code up: whoever merely saw the address of
 * a callback page can neither use the code nor spoil it.
 *
 * @throws `exchange_failed` for a code that is wrong, used, older than ten minutes, another paywall's or login page's, or
 *   whose linking has become impossible; `identity_already_exists`; `over_request_rate_limit`
 */
export async function exchangeAuthCode(
  deps: SignInDeps & Pick<Deps, "db">,
  input: SignInContext & { authCode: string; codeVerifier: string },
): Promise<IssuedSession> {
  const { tenant, paywall, now } = input;
  const limits = exchangeLimits(deps, { tenantId: tenant.id, clientAddress: input.clientAddress });
  await refuseOverLimit(deps.db, limits, now);
  const session = await deps.db.transaction(async (tx) => {
    const flow = await lockReturnedFlow(tx, deps, {
      tenantId: tenant.id,
      paywallId: paywall?.id ?? null,
      code: input.authCode,
    });
    const challenge = sha256(input.codeVerifier).toString("base64url");
    if (!flow || flow.expiresAt <= now || !safeEqual(challenge, flow.codeChallenge)) return null;
    const owned = await ownIdentity(tx, deps, { flow, profile: flow.profile, now });
    await endFlow(tx, flow.id, owned ? "exchanged" : "failed");
    if (!owned) return null;
    const { email, emailVerifiedAt } = owned.customer;
    // Whoever has had the address for longer hears of another way into the account.
    if (owned.isNew && email && emailVerifiedAt && emailVerifiedAt < now) {
      const context = { tenant, paywall, baseUrl: deps.config.baseUrl };
      await queueMail(tx, deps, signInAddedMail(context, email, flow.provider));
    }
    return completeSignIn(tx, deps, input, owned.customer, "fed");
  });
  if (session) return session;
  await countFailure(deps.db, limits, now);
  throw refusal("exchange_failed");
}
