export { default as css } from "./payment.css?inline";
export { Awaiting, PopupBlocked, Purchased } from "./payment-views.tsx";
