import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import type { Model } from "./models.ts";

type ComposerProps = {
  model: Model;
  models: Model[];
  busy: boolean;
  onModel(model: Model): void;
  onAsk(text: string): void;
  onStop(): void;
};

/** Where a question is written: Enter asks, Shift and Enter makes a line, Escape stops an answer. */
export function Composer({ model, models, busy, onModel, onAsk, onStop }: ComposerProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);

  const send = () => {
    const question = text.trim();
    if (!question || busy) return;
    setText("");
    onAsk(question);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) onStop();
    else send();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends a word that an input method composes.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && busy) return onStop();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer" onSubmit={onSubmit}>
      <div className="box">
        <label className="sr" htmlFor="question">
          Your question
        </label>
        <textarea
          id="question"
          ref={field}
          rows={1}
          value={text}
          maxLength={8000}
          placeholder="Ask anything"
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="row">
          <fieldset>
            <legend className="sr">Model</legend>
            {models.map((it) => (
              <label key={it.id} title={it.about}>
                <input type="radio" name="model" checked={it.id === model.id} onChange={() => onModel(it)} />
                <span>{it.name}</span>
              </label>
            ))}
          </fieldset>
          <button
            type="submit"
            className="send"
            disabled={!busy && !text.trim()}
            aria-label={busy ? "Stop" : "Send"}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path
                d={busy ? "M8 8h8v8H8z" : "M12 19V5M5.5 11.5 12 5l6.5 6.5"}
                fill={busy ? "currentColor" : "none"}
              />
            </svg>
          </button>
        </div>
      </div>
      <p className="small">
        Answers come from <a href="../../">this server's</a> stand-in for a model, through the AI gateway.
      </p>
    </form>
  );
}
