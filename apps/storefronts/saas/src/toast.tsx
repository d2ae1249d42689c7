import { type ReactElement, useCallback, useEffect, useState } from "react";

const SHOWN_MS = 3500;

/** A short message that a screen reader hears as well: what to render, and how to say something. */
export function useToast(): [ReactElement, (message: string) => void] {
  const [{ message, isShown }, set] = useState({ message: "", isShown: false });
  const show = useCallback((next: string) => set({ message: next, isShown: true }), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message starts the time again
  useEffect(() => {
    if (!isShown) return;
    // The words stay while it fades.
    const timer = setTimeout(() => set((shown) => ({ ...shown, isShown: false })), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message, isShown]);
  return [
    <p key="toast" className={isShown ? "toast shown" : "toast"} id="toast" role="status">
      {message}
    </p>,
    show,
  ];
}
