import forms from "../forms.css?inline";
import own from "./support.css?inline";

export const css = forms + own;
export { SupportForm } from "./support-form.tsx";
