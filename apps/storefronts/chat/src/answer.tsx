import { PaywallButton } from "@tollgate/sdk-react";
import { compiler } from "markdown-to-jsx";
import { memo, useState } from "react";
import type { Turn } from "./conversation.ts";

/** What a model writes is text of strangers: no HTML of its own, and links leave without taking the page along. */
const OPTIONS = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    a: { props: { target: "_blank", rel: "noreferrer noopener nofollow" } },
    img: { component: () => null },
  },
} as const;

const Text = memo(({ text }: { text: string }) => <div className="text">{compiler(text, OPTIONS)}</div>);

type AnswerProps = { turn: Turn; isLast: boolean; onRetry(): void };

/** One answer: as it comes, and what can be done with it when it is there or has not come. */
export function Answer({ turn, isLast, onRetry }: AnswerProps) {
  const { text, state } = turn;
  if (state === "unpaid") {
    return (
      <div className="out" id="out-of-credits">
        <p>
          <b>That was your last free answer of this kind.</b> Your question is kept; it is answered as soon as
          there are credits.
        </p>
        <PaywallButton className="accent" skipTrial renew>
          Get credits
        </PaywallButton>
        {isLast && (
          <button type="button" className="quiet" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    );
  }
  return (
    <>
      {text ? <Text text={text} /> : state === "coming" && <Thinking />}
      {state === "stopped" && <p className="note">Stopped.</p>}
      {state === "failed" && <p className="note">This answer did not come.</p>}
      {state !== "coming" && (
        <p className="tools">
          {text && <Copy text={text} />}
          {isLast && (state === "failed" || state === "stopped") && (
            <button type="button" onClick={onRetry}>
              Try again
            </button>
          )}
        </p>
      )}
    </>
  );
}

const Thinking = () => (
  <p className="thinking" aria-hidden="true">
    <i />
    <i />
    <i />
  </p>
);

function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" onClick={() => void copy().catch(() => {})}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
