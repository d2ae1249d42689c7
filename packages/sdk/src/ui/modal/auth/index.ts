import forms from "../forms.css?inline";
import own from "./auth.css?inline";

export const css = forms + own;
export { AuthGate } from "./auth-gate.tsx";
export { AuthPanel } from "./auth-panel.tsx";
