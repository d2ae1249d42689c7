import { useCallback, useEffect, useState } from "react";

/**
 * One turn of a conversation. `state` of an answer: it is still coming, all there, stopped by the reader, cut off, or
 * waiting for credits.
 */
export type Turn = {
  id: string;
  role: "user" | "assistant";
  text: string;
  state: "coming" | "done" | "stopped" | "failed" | "unpaid";
};

const KEY = "lumen-chat-v1";

function restore(): Turn[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(stored)) return [];
    // What was coming when the page was left has not come.
    return (stored as Turn[]).map((it) => (it.state === "coming" ? { ...it, state: "stopped" } : it));
  } catch {
    return [];
  }
}

/** The conversation, kept in this browser. */
export function useConversation() {
  const [turns, setTurns] = useState<Turn[]>(restore);
  useEffect(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(turns));
    } catch {
      // A browser that keeps nothing still talks.
    }
  }, [turns]);

  const add = useCallback((...more: Turn[]) => setTurns((all) => [...all, ...more]), []);
  const change = useCallback(
    (id: string, how: (turn: Turn) => Partial<Turn>) =>
      setTurns((all) => all.map((it) => (it.id === id ? { ...it, ...how(it) } : it))),
    [],
  );
  const clear = useCallback(() => setTurns([]), []);
  return { turns, add, change, clear };
}

let count = 0;
export const turn = (role: Turn["role"], text: string, state: Turn["state"] = "done"): Turn => ({
  id: `${Date.now().toString(36)}-${count++}`,
  role,
  text,
  state,
});
