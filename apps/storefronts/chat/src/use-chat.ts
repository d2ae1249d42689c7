import { usePaywall, usePaywallEvent } from "@tollgate/sdk-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Turn, turn, useConversation } from "./conversation.ts";
import type { Model } from "./models.ts";
import { readStream } from "./read-stream.ts";

export type Balance = { type: string; count: number };

/** What a person is told when a question cannot be answered now. */
const explain = (code: unknown): string => {
  if (code === "rate_limited" || code === "too_many_calls")
    return "That was quick. Please wait a moment, then try again.";
  if (code === "network_error" || code === "timeout")
    return "The connection was lost. Your question was not charged.";
  return "The model did not answer. Your question was not charged.";
};

/**
 * A conversation through the gateway: `ask` streams an answer into it; a question without credits opens the paywall, and
 * is asked again by itself once they are there.
 */
export function useChat(model: Model) {
  const paywall = usePaywall();
  const { turns, add, change, clear } = useConversation();
  const [balances, setBalances] = useState<Balance[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const busy = turns.at(-1)?.state === "coming";

  useEffect(() => {
    if (!paywall) return;
    const off = paywall.billing.onBalanceChange(setBalances);
    void paywall.billing.getBalances().then(setBalances, () => {});
    return off;
  }, [paywall]);

  const answer = useCallback(
    async (history: Turn[], into: string) => {
      if (!paywall) return;
      setProblem(null);
      const leaving = new AbortController();
      running.current = leaving;
      try {
        await paywall.auth?.ready();
        // Nobody has to say who they are to try.
        if (!paywall.auth?.getCachedSession()) await paywall.signInAnonymously();
        const messages = history.map(({ role, text }) => ({ role, content: text }));
        const response = await paywall.billing.createApiGatewayClient().call({
          providerId: model.providerId,
          path: "chat/completions",
          body: { model: model.id, stream: true, messages },
          signal: leaving.signal,
        });
        for await (const piece of readStream(response)) change(into, ({ text }) => ({ text: text + piece }));
        change(into, () => ({ state: "done" }));
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (leaving.signal.aborted) change(into, () => ({ state: "stopped" }));
        else if (code === "not_enough_queries") {
          change(into, () => ({ state: "unpaid" }));
          // Also for somebody who has a plan, and has used it up.
          paywall.open({ renew: true, skipTrial: true });
        } else {
          change(into, () => ({ state: "failed" }));
          setProblem(explain(code));
        }
      } finally {
        if (running.current === leaving) running.current = null;
        void paywall.billing.refreshBalances().then(setBalances, () => {});
      }
    },
    [paywall, model, change],
  );

  const ask = useCallback(
    (text: string) => {
      const [question, reply] = [turn("user", text), turn("assistant", "", "coming")];
      add(question, reply);
      void answer([...turns.filter((it) => it.text), question], reply.id);
    },
    [add, answer, turns],
  );

  /** Asks the last question again, in the place of the answer that did not come. */
  const retry = useCallback(() => {
    const last = turns.at(-1);
    if (last?.role !== "assistant" || running.current) return;
    change(last.id, () => ({ text: "", state: "coming" }));
    void answer(
      turns.slice(0, -1).filter((it) => it.text),
      last.id,
    );
  }, [answer, change, turns]);

  const waiting = turns.at(-1)?.state === "unpaid";
  usePaywallEvent("purchase_completed", () => {
    if (waiting) retry();
    else void paywall?.billing.refreshBalances().then(setBalances, () => {});
  });

  return {
    turns,
    balances,
    problem,
    busy,
    ask,
    retry,
    stop: () => running.current?.abort(),
    restart: () => {
      running.current?.abort();
      clear();
      setProblem(null);
    },
  };
}
