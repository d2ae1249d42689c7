import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Draft } from "./draft.ts";

const WORDS_PER_MINUTE = 230;

/** The writing surface: it grows with the text and counts the words. */
export function Paper({ draft }: { draft: Draft }) {
  const title = useRef<HTMLTextAreaElement>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  useFittingHeight(title, draft.title);
  useFittingHeight(text, draft.text);

  const words = draft.text.match(/\S+/g)?.length ?? 0;
  const minutes = Math.max(1, Math.round(words / WORDS_PER_MINUTE));
  return (
    <section className="paper" aria-label="Document">
      <label className="sr" htmlFor="title">
        Title
      </label>
      <textarea
        id="title"
        rows={1}
        placeholder="Untitled"
        ref={title}
        value={draft.title}
        onChange={({ target }) => draft.change({ title: target.value })}
        onKeyDown={(event) => {
          // A title is one line, however wide it wraps.
          if (event.key !== "Enter") return;
          event.preventDefault();
          text.current?.focus();
        }}
      />
      <p className="meta" id="meta">
        {words.toLocaleString()} words · {minutes} min read
      </p>
      <label className="sr" htmlFor="text">
        Text
      </label>
      <textarea
        id="text"
        placeholder="Begin."
        ref={text}
        value={draft.text}
        onChange={({ target }) => draft.change({ text: target.value })}
      />
    </section>
  );
}

/** Keeps a text area as high as its text. */
function useFittingHeight(field: RefObject<HTMLTextAreaElement | null>, value: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height depends on the value
  useLayoutEffect(() => {
    const fit = () => {
      const element = field.current;
      if (!element) return;
      // Measured from nothing, because a text area never shrinks by itself.
      element.style.height = "0";
      element.style.height = `${element.scrollHeight}px`;
    };
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, [field, value]);
}
