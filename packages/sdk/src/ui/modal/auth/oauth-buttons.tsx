import { useEffect } from "preact/hooks";
import type { LastLogin, OAuthProvider } from "../../../core/index.ts";
import type { Translate } from "../../strings/index.ts";

/** The marks as their owners draw them; a mark that follows the text colour has one path and no colour. */
const MARKS: Record<OAuthProvider, [name: string, ...paths: [d: string, color?: string][]]> = {
  google: [
    "Google",
    [
      "M22.6 12.25c0-.78-.07-1.53-.2-2.25H12v4.26h5.92a5.06 5.06 0 0 1-2.2 3.32v2.76h3.56c2.08-1.92 3.28-4.74 3.28-8.09z",
      "#4285f4",
    ],
    [
      "M12 23c2.97 0 5.46-.98 7.28-2.66l-3.57-2.77c-.98.66-2.23 1.06-3.71 1.06-2.86 0-5.29-1.93-6.16-4.53H2.18v2.84A11 11 0 0 0 12 23z",
      "#34a853",
    ],
    ["M5.84 14.1a6.6 6.6 0 0 1 0-4.2V7.07H2.18a11 11 0 0 0 0 9.86l3.66-2.84z", "#fbbc05"],
    [
      "M12 5.38c1.62 0 3.06.56 4.21 1.64l3.15-3.15A11 11 0 0 0 2.18 7.07l3.66 2.84c.87-2.6 3.3-4.53 6.16-4.53z",
      "#ea4335",
    ],
  ],
  apple: [
    "Apple",
    [
      "M17.05 20.28c-.98.95-2.05.8-3.08.35-1.09-.46-2.09-.48-3.24 0-1.44.62-2.2.44-3.06-.35C2.79 15.25 3.51 7.6 9.05 7.31c1.35.07 2.29.74 3.08.8 1.18-.24 2.31-.93 3.57-.84 1.51.12 2.65.72 3.4 1.8-3.12 1.87-2.38 5.98.48 7.13-.57 1.5-1.31 2.99-2.54 4.09zM12.03 7.25c-.15-2.23 1.66-4.07 3.74-4.25.29 2.58-2.34 4.5-3.74 4.25z",
    ],
  ],
  github: [
    "GitHub",
    [
      "M12 .3a12 12 0 0 0-3.8 23.4c.6.1.8-.3.8-.6v-2c-3.3.7-4-1.6-4-1.6-.6-1.4-1.4-1.8-1.4-1.8-1-.7.1-.7.1-.7 1.2 0 1.9 1.2 1.9 1.2 1 1.8 2.8 1.3 3.5 1 0-.8.4-1.3.7-1.6-2.7-.3-5.5-1.3-5.5-6 0-1.2.5-2.3 1.3-3.1-.2-.4-.6-1.6 0-3.2 0 0 1-.3 3.4 1.2a11.5 11.5 0 0 1 6 0c2.3-1.5 3.3-1.2 3.3-1.2.6 1.6.2 2.8 0 3.2.9.8 1.3 1.9 1.3 3.2 0 4.6-2.8 5.6-5.5 5.9.5.4.9 1 .9 2.2v3.3c0 .3.1.7.8.6A12 12 0 0 0 12 .3",
    ],
  ],
  facebook: [
    "Facebook",
    [
      "M24 12a12 12 0 1 0-13.9 11.9v-8.4H7.1V12h3V9.4c0-3 1.8-4.7 4.5-4.7 1.3 0 2.7.2 2.7.2v3h-1.5c-1.5 0-2 .9-2 1.9V12h3.4l-.5 3.5h-2.8v8.4A12 12 0 0 0 24 12z",
      "#0866ff",
    ],
  ],
};

/** Those of a list that can be offered: an unknown name has no button. */
export const knownProviders = (wanted: readonly string[] | undefined): OAuthProvider[] =>
  (wanted ?? []).filter((name): name is OAuthProvider => Object.hasOwn(MARKS, name));

export const providerName = (provider: OAuthProvider): string => MARKS[provider][0];

/** Enough to recognise one's own address by, and little for whoever looks over the shoulder. */
const masked = (email: string): string => `${email.split("@")[0]?.slice(0, 3)}•••`;

/** One button for each way to sign in elsewhere, in the merchant's order. */
export function OAuthButtons(props: {
  providers: OAuthProvider[];
  t: Translate;
  last: LastLogin | null;
  /** The one whose window is being opened. */
  busy: OAuthProvider | null;
  disabled: boolean;
  onChoose: (provider: OAuthProvider) => void;
}) {
  const { t, last, busy } = props;
  useEffect(() => {
    // Fetched before the click, which some browsers let open a window for no more than a second.
    import("../../../core/oauth.ts").catch(() => {});
  }, []);
  return (
    <div class="oauth">
      {props.providers.map((provider) => {
        const [name, ...paths] = MARKS[provider];
        return (
          <button
            key={provider}
            type="button"
            class="secondary"
            aria-disabled={props.disabled}
            data-busy={busy === provider || undefined}
            onClick={() => !props.disabled && props.onChoose(provider)}
          >
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              {paths.map(([d, color]) => (
                <path key={d} d={d} fill={color ?? "currentColor"} />
              ))}
            </svg>
            <span>
              {t("auth.continue_with", { provider: name })}
              {last?.method === provider && (
                <small>
                  {last.email
                    ? t("auth.last_used", { email: masked(last.email) })
                    : t("auth.last_used_no_email")}
                </small>
              )}
            </span>
          </button>
        );
      })}
    </div>
  );
}
