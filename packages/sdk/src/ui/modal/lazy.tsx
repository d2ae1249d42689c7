import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { patiently } from "../patience.ts";
import type { Translate } from "../strings/index.ts";
import { addStyles } from "./sheets.ts";
import { Failure, Skeleton } from "./waiting.tsx";

interface Part {
  css: string;
}

export interface LazyPart<M> {
  /** What has arrived already. */
  get(): M | undefined;
  /** Loads it unless that has happened; rejects when it cannot be had, and tries anew the next time. */
  load(): Promise<M>;
}

/** A part of the modal that is fetched when it is needed, or shortly before. Its styles come with it. */
export function lazyPart<M extends Part>(fetchPart: () => Promise<M>): LazyPart<M> {
  let part: M | undefined;
  let pending: Promise<M> | undefined;
  return {
    get: () => part,
    load() {
      pending ??= patiently(fetchPart)
        .catch(fetchAgain<M>)
        .then(
          (arrived) => {
            addStyles(arrived.css);
            part = arrived;
            return arrived;
          },
          (error: unknown) => {
            pending = undefined;
            throw error;
          },
        );
      return pending;
    },
  };
}

/**
 * Browsers remember that a module could not be had and answer from memory until the page is reloaded, unless
 * the address differs. Those that say which address it was can be asked for it again.
 */
async function fetchAgain<M>(error: unknown): Promise<M> {
  const url = /https?:\S+?\.m?js\b\S*/.exec(String(error))?.[0];
  if (!url) throw error;
  return import(
    /* @vite-ignore */ /* webpackIgnore: true */ `${url}${url.includes("?") ? "&" : "?"}again=${Date.now()}`
  );
}

/** Draws a part as soon as it is there: a shape until then, and a way out if it does not come. */
export function Lazy<M>(props: {
  part: LazyPart<M>;
  t: Translate;
  /** Among other blocks: smaller, and without the dialog's name. */
  embedded?: boolean;
  /** Called when the part is on the screen. */
  onShown?: () => void;
  children: (part: M) => ComponentChildren;
}) {
  const { part, t } = props;
  const [failures, setFailures] = useState(0);
  const [trying, setTrying] = useState(true);
  const arrived = part.get();
  const ready = !!arrived;
  useEffect(() => {
    if (ready || !trying) return;
    let wanted = true;
    part.load().then(
      () => wanted && setTrying(false),
      () => {
        if (!wanted) return;
        setFailures((count) => count + 1);
        setTrying(false);
      },
    );
    return () => {
      wanted = false;
    };
  }, [part, ready, trying]);
  useEffect(() => {
    if (ready) props.onShown?.();
  }, [part, ready]);
  if (arrived) return props.children(arrived);
  if (trying) return <Skeleton t={t} embedded={props.embedded} form />;
  return (
    <Failure
      t={t}
      text={t("modal.error_hint")}
      embedded={props.embedded}
      onRetry={() => setTrying(true)}
      // The page may be older than what the server has now; only a new page can know better.
      onReload={failures > 1 ? () => location.reload() : undefined}
    />
  );
}
