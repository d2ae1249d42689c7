/**
 * The sandbox: a payment company inside the process, for trying and testing. It keeps its own books and its
 * own time; we hear of what it does only through its signed events, as with any other processor.
 */
export { findSession as findSandboxSession, type Session as SandboxSession } from "./books.ts";
export { type CardProblems, TEST_CARDS } from "./cards.ts";
export {
  type CardChanged,
  changeCard as changeSandboxCard,
  type OpenCardChange,
  openCardChange,
} from "./change-card.ts";
export { sandboxClockwork } from "./clockwork.ts";
export { deliverSandboxEvents, sandboxDelivery } from "./deliver.ts";
export {
  answerChallenge as answerSandboxChallenge,
  type PayOutcome,
  payLater as payLaterInSandbox,
  payWithCard as payInSandbox,
  returnUrl as sandboxReturnUrl,
  settlePending as settleSandboxSession,
} from "./pay-session.ts";
export { createSandbox } from "./processor.ts";
