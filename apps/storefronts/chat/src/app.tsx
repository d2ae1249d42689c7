import { PaywallButton, usePaywall, usePaywallUser } from "@tollgate/sdk-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Answer } from "./answer.tsx";
import { Composer } from "./composer.tsx";
import { Credits } from "./credits.tsx";
import { type Config, modelsOf } from "./models.ts";
import { useChat } from "./use-chat.ts";

const IDEAS = [
  "How do I make a small shop easy to find?",
  "Write a function that runs only once",
  "Help me plan a quiet weekend by the sea",
  "Explain compound interest to a ten-year-old",
];

/** Lumen AI: a chat whose answers are paid for one by one, and the first of them are free. */
export function App({ config }: { config: Config }) {
  const models = useMemo(() => modelsOf(config), [config]);
  const [model, setModel] = useState(models[0]!);
  const chat = useChat(model);
  const paywall = usePaywall();
  const end = useRef<HTMLDivElement>(null);
  const { turns, busy } = chat;
  const last = turns.at(-1);

  // So that the paywall is there at once when the credits are not.
  useEffect(() => void paywall?.preload(), [paywall]);
  const length = turns.length + (last?.text.length ?? 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every piece of text moves the end of the page
  useEffect(() => {
    const { scrollHeight } = document.documentElement;
    // Whoever has scrolled up to read stays there.
    if (scrollHeight - window.scrollY - window.innerHeight < 240)
      end.current?.scrollIntoView({ block: "end" });
  }, [length]);

  return (
    <>
      <a className="skip" href="#question">
        Skip to the question
      </a>
      <header className="bar">
        <h1 className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" />
            <path d="M16 6l2.6 7.4L26 16l-7.4 2.6L16 26l-2.6-7.4L6 16l7.4-2.6z" />
          </svg>
          <span>Lumen AI</span>
        </h1>
        <span className="space" />
        <Credits balances={chat.balances} models={models} />
        <Account />
        {turns.length > 0 && (
          <button
            type="button"
            className="quiet"
            id="new"
            onClick={chat.restart}
            aria-label="New conversation"
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 5v14M5 12h14" />
            </svg>
          </button>
        )}
      </header>
      <main>
        {turns.length === 0 ? (
          <section className="welcome">
            <h2>What is on your mind?</h2>
            <p>The first answers are free, and nobody asks who you are.</p>
            <ul>
              {IDEAS.map((idea) => (
                <li key={idea}>
                  <button type="button" className="idea" onClick={() => chat.ask(idea)} disabled={busy}>
                    {idea}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ) : (
          <ol className="turns" id="turns">
            {turns.map((it) => (
              <li key={it.id} className={it.role} data-state={it.state}>
                <span className="sr">{it.role === "user" ? "You" : "Lumen AI"}</span>
                {it.role === "user" ? (
                  <p>{it.text}</p>
                ) : (
                  <Answer turn={it} isLast={it === last} onRetry={chat.retry} />
                )}
              </li>
            ))}
          </ol>
        )}
        <p className="sr" role="status">
          {busy
            ? "Lumen AI is answering"
            : last?.role === "assistant" && last.state === "done"
              ? last.text
              : ""}
        </p>
        {chat.problem && (
          <p className="problem" role="alert">
            {chat.problem}
          </p>
        )}
        <div ref={end} className="end" />
      </main>
      <Composer
        model={model}
        models={models}
        busy={busy}
        onModel={setModel}
        onAsk={chat.ask}
        onStop={chat.stop}
      />
    </>
  );
}

function Account() {
  const paywall = usePaywall();
  const { session, status } = usePaywallUser();
  const email = session?.user.email;
  if (email) {
    return (
      <button
        type="button"
        className="quiet"
        id="sign-out"
        title={`Sign out ${email}`}
        onClick={() => void paywall?.auth?.signOut()}
      >
        Sign out
      </button>
    );
  }
  return status === "loading" ? null : (
    <PaywallButton mode="signin" className="quiet" id="sign-in">
      Sign in
    </PaywallButton>
  );
}
