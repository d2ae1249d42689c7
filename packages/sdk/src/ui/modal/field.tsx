import type { ComponentChildren, InputHTMLAttributes } from "preact";

export interface FieldProps {
  id: string;
  label: string;
  value: string;
  onValue: (value: string) => void;
  error?: string | null;
  hint?: string;
  /** Sits at the right end of the label's line. */
  aside?: ComponentChildren;
  /** Sits inside the field, at its end. */
  inside?: ComponentChildren;
  rows?: number;
  input?: InputHTMLAttributes<HTMLInputElement>;
}

/** A labelled field whose hint and error are tied to it. */
export function Field({ id, label, value, onValue, error, hint, aside, inside, rows, input }: FieldProps) {
  const note = error || hint;
  const shared = {
    id,
    value,
    // What is no prose is typed from left to right in every language.
    dir: (input?.type || input?.inputMode ? "ltr" : "auto") as "ltr" | "auto",
    "aria-invalid": !!error,
    "aria-describedby": note ? `${id}-note` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
  };
  return (
    <div class="field">
      <span class="field-top">
        <label for={id}>{label}</label>
        {aside}
      </span>
      <span class="field-box">
        {rows ? <textarea {...shared} rows={rows} maxLength={5000} /> : <input {...input} {...shared} />}
        {inside}
      </span>
      {note && (
        <small id={`${id}-note`} class={error ? "wrong" : ""}>
          {note}
        </small>
      )}
    </div>
  );
}

/** The length first: what somebody pastes can be as long as a book, and the pattern takes its square. */
export const looksLikeEmail = (text: string): boolean =>
  text.length < 1000 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
