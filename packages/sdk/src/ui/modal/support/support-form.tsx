import { useEffect, useRef, useState } from "preact/hooks";
import { toPaywallError } from "../../../core/errors.ts";
import { PATIENCE_MS, patiently } from "../../patience.ts";
import type { Params, StringKey } from "../../strings/index.ts";
import { Field, looksLikeEmail } from "../field.tsx";
import { Icon } from "../icons.tsx";
import type { ViewProps } from "../modal.tsx";

const SUBJECT = { min: 3, max: 200 };
const MESSAGE = { min: 1, max: 5000 };
const MAX_FILES = 5;
const MAX_MB = 5;
/** How long a megabyte may take on a slow line. */
const MS_PER_MB = 30_000;
const IMAGES = ["image/jpeg", "image/png", "image/webp"];

/** What is to be said, not yet in words: the language can change while it is read. */
type Said = [key: StringKey, params?: Params];
type Problem = Partial<Record<"email" | "subject" | "message" | "files" | "form", Said>>;

/** A ticket to the merchant. It works also when the plans do not load. */
export function SupportForm({ state, view }: ViewProps) {
  const t = view.translate;
  const say = (said?: Said) => said && t(...said);
  const locked = state.session?.user.email ?? null;
  const [email, setEmail] = useState(view.billing.getIdentity()?.email ?? "");
  const [subject, setSubject] = useState("");
  const [message, setMessage] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  const [problem, setProblem] = useState<Problem>({});
  const [phase, setPhase] = useState<"form" | "busy" | "sent">("form");
  const form = useRef<HTMLFormElement>(null);
  const address = locked ?? email.trim();

  useEffect(() => {
    const field = Object.keys(problem)[0];
    if (field) form.current?.querySelector<HTMLElement>(`#pw-${field}`)?.focus();
  }, [problem]);

  const submit = async () => {
    if (phase === "busy") return;
    const found: Problem = {};
    if (!looksLikeEmail(address)) found.email = ["auth.invalid_email"];
    const length = subject.trim().length;
    if (length < SUBJECT.min || length > SUBJECT.max) found.subject = ["support.subject_length", SUBJECT];
    if (!message.trim()) found.message = ["support.message_length", MESSAGE];
    setProblem(found);
    if (Object.keys(found).length) return;
    setPhase("busy");
    const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1024 / 1024;
    try {
      await patiently(
        (signal) =>
          view.billing.createSupportTicket({
            subject: subject.trim(),
            content: message.trim(),
            email: address,
            files,
            signal,
          }),
        PATIENCE_MS + megabytes * MS_PER_MB,
      );
      setPhase("sent");
    } catch (thrown) {
      const { status, code } = toPaywallError(thrown);
      const key =
        status === 429
          ? "support.rate_limited"
          : code === "network_error"
            ? "auth.network_error"
            : "support.failed";
      setProblem({ form: [key] });
      setPhase("form");
    }
  };

  const addFiles = (list: FileList | null) => {
    const added = [...(list ?? [])];
    const usable = added.filter((file) => IMAGES.includes(file.type) && file.size <= MAX_MB * 1024 * 1024);
    const all = [...files, ...usable];
    const error: Said | undefined =
      usable.length < added.length
        ? ["support.invalid_file", { size: MAX_MB }]
        : all.length > MAX_FILES
          ? ["support.too_many_files", { max: MAX_FILES }]
          : undefined;
    setFiles(all.slice(0, MAX_FILES));
    setProblem(error ? { files: error } : {});
  };

  if (phase === "sent")
    return (
      <div class="status">
        <div class="status-body" role="status">
          <span class="medal good">
            <Icon name="check" />
          </span>
          <h2 id="pw-title">{t("support.success_heading")}</h2>
          <p>{t("support.success_message", { email: address })}</p>
        </div>
        <div class="actions">
          <button
            type="button"
            class="primary"
            ref={(button) => button?.focus()}
            onClick={() => (state.kind === "support" ? view.close() : view.back())}
          >
            {t("support.done_button")}
          </button>
          <button
            type="button"
            class="link center"
            onClick={() => {
              setSubject("");
              setMessage("");
              setFiles([]);
              setPhase("form");
            }}
          >
            {t("support.send_another")}
          </button>
        </div>
      </div>
    );

  return (
    <form
      ref={form}
      class="auth support"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 id="pw-title">{t("support.heading")}</h2>
      <p class="lead">{t("support.instruction")}</p>
      {problem.form && (
        <p class="alert" role="alert">
          {say(problem.form)}
        </p>
      )}
      <Field
        id="pw-email"
        label={t("auth.email")}
        value={locked ?? email}
        onValue={setEmail}
        error={say(problem.email)}
        input={{
          type: "email",
          autoComplete: "email",
          readOnly: !!locked,
          ...{ "data-pw-autofocus": !address || undefined },
        }}
      />
      <Field
        id="pw-subject"
        label={t("support.subject")}
        value={subject}
        onValue={setSubject}
        error={say(problem.subject)}
        input={{ maxLength: SUBJECT.max, ...{ "data-pw-autofocus": !!address || undefined } }}
      />
      <Field
        id="pw-message"
        label={t("support.message")}
        value={message}
        onValue={setMessage}
        error={say(problem.message)}
        rows={4}
      />
      <div class="field">
        <label class="drop" for="pw-files">
          <Icon name="image" />
          <span>
            {t("support.attachments_label")}
            <small id="pw-files-note" class={problem.files ? "wrong" : ""}>
              {say(problem.files) ?? t("support.file_requirements", { max: MAX_FILES, size: MAX_MB })}
            </small>
          </span>
          <input
            id="pw-files"
            type="file"
            multiple
            accept={IMAGES.join()}
            aria-describedby="pw-files-note"
            onChange={(event) => {
              addFiles(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
        </label>
        {files.map((file) => (
          <span class="file" key={file.name + file.lastModified}>
            {file.name}
            <button
              type="button"
              class="link"
              aria-label={t("support.remove_file_aria", { filename: file.name })}
              onClick={() => setFiles(files.filter((other) => other !== file))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
      </div>
      <button
        type="submit"
        class="primary"
        aria-disabled={phase === "busy"}
        data-busy={phase === "busy" || undefined}
      >
        {t("support.send_button")}
      </button>
    </form>
  );
}
