import type { ComponentChildren } from "preact";
import type { StringKey, Translate } from "../strings/index.ts";
import { Icon, type IconName } from "./icons.tsx";

/** A picture, a title that names the dialog, a sentence, and what can be done. */
export function Status(props: {
  icon: IconName;
  tone?: "good" | "busy" | "bad";
  title: string;
  text: string;
  /** Among other blocks it does not name the dialog. */
  embedded?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class={`status ${props.embedded ? "embedded" : ""}`}>
      <div class="status-body">
        <span class={`medal ${props.tone ?? ""}`}>
          <Icon name={props.icon} />
        </span>
        <h2 id={props.embedded ? undefined : "pw-title"}>{props.title}</h2>
        <p>{props.text}</p>
      </div>
      <div class="actions">{props.children}</div>
    </div>
  );
}

/** The shape of what is coming, so that the eye is there already. */
export function Skeleton(props: { t: Translate; says?: StringKey; embedded?: boolean; form?: boolean }) {
  const bones = props.form ? "title line field field button" : "title line plan plan plan button";
  return (
    <div class={`skeleton ${props.embedded ? "embedded" : ""}`}>
      {!props.embedded && (
        <h2 id="pw-title" class="sr">
          <span role="status">{props.t(props.says ?? "modal.loading")}</span>
        </h2>
      )}
      <div aria-hidden="true">
        {bones.split(" ").map((bone, index) => (
          <i key={index} class={`bone ${bone}`} />
        ))}
      </div>
    </div>
  );
}

/** Something could not be loaded: what happened, and the next step. */
export function Failure(props: {
  t: Translate;
  text: string;
  embedded?: boolean;
  onRetry: () => void;
  onReload?: () => void;
}) {
  const { t } = props;
  return (
    <Status
      icon="alert"
      tone="bad"
      title={t("modal.error_generic")}
      text={props.text}
      embedded={props.embedded}
    >
      <button type="button" class="primary" data-pw-autofocus onClick={props.onRetry}>
        {t("modal.retry")}
      </button>
      {props.onReload && (
        <button type="button" class="secondary" onClick={props.onReload}>
          {t("modal.reload")}
        </button>
      )}
    </Status>
  );
}
