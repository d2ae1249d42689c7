import type { LayoutBlock, PaywallBootstrap, PaywallPrice } from "../../packages/sdk/src/index.ts";

/** What merchants build out of the ten blocks: the shapes that every change of the modal is looked at in. */

const price = (
  id: string,
  interval: PaywallPrice["interval"],
  amount: number,
  more: Partial<PaywallPrice> = {},
) =>
  ({
    id,
    currency: "USD",
    amount,
    interval,
    interval_count: interval === "lifetime" ? null : 1,
    trial_days: null,
    ...more,
  }) satisfies PaywallPrice;

const yearly = price("101", "year", 99.99, { trial_days: 7 });
const monthly = price("102", "month", 12);
const lifetime = price("103", "lifetime", 249);

const features: LayoutBlock = {
  type: "features_list",
  items: [
    { id: "a", name: "Export to PDF and Word", desc: "With your own fonts and page sizes" },
    { id: "b", name: "Unlimited documents" },
    { id: "c", name: "Version history", desc: "Go back to any day" },
    { id: "d", name: "Works offline" },
  ],
};
const cta: LayoutBlock = { type: "cta_button", action: "checkout" };
const session: LayoutBlock = { type: "current_session" };

const make = (
  settings: Partial<PaywallBootstrap["settings"]>,
  prices: PaywallPrice[],
  blocks: LayoutBlock[],
  more: Partial<PaywallBootstrap> = {},
): PaywallBootstrap => ({
  settings: { id: "1", name: "Inkwell Pro", brand_color: "#4353e0", ...settings },
  prices,
  offers: [],
  layout: { type: "modal", blocks },
  ...more,
});

const inAnHour = () => new Date(Date.now() + 5_052_000).toISOString();

export const TEMPLATES = {
  minimal: () =>
    make(
      {},
      [yearly, monthly],
      [
        { type: "heading", text: "Write without limits" },
        { type: "text", text: "Everything in Inkwell, on every device." },
        { type: "price_grid", popular_price_id: "101" },
        cta,
        session,
      ],
    ),
  features: () =>
    make(
      { brand_color: "#0f766e", is_test_mode: true },
      [yearly, monthly, lifetime],
      [
        { type: "heading", text: "Write without limits" },
        { type: "text", text: "Everything in Inkwell, on every device." },
        features,
        { type: "price_grid", popular_price_id: "101" },
        cta,
        { type: "guarantee_badge", title: "14-day money-back guarantee", subtitle: "One mail is enough." },
        session,
      ],
    ),
  compact: () =>
    make(
      { brand_color: "#e11d48" },
      [
        price("104", "week", 3.99),
        monthly,
        price("105", "month", 29, { interval_count: 3 }),
        yearly,
        lifetime,
      ],
      [
        { type: "heading", text: "Keep listening" },
        { type: "text", text: "No ads, better sound, and downloads for the train." },
        { type: "price_grid", view: "compact", popular_price_id: "101", popular_label: "Best value" },
        cta,
        { type: "guarantee_badge" },
        session,
      ],
    ),
  horizontal: () =>
    make(
      { brand_color: "#7c3aed" },
      [
        price("201", "month", 9, { label: "Solo", description: "For one person" }),
        price("202", "month", 19, { label: "Team", description: "Up to ten people" }),
        price("203", "month", 49, { label: "Studio", description: "Everyone" }),
      ],
      [
        { type: "heading", text: "Pick your plan" },
        { type: "price_grid", view: "horizontal", popular_price_id: "202" },
        { type: "heading", text: "In every plan", level: 2 },
        features,
        cta,
        session,
      ],
    ),
  offer: () =>
    make(
      { brand_color: "#ea580c" },
      [yearly, monthly, lifetime],
      [
        { type: "offer_banner" },
        { type: "heading", text: "Spring sale" },
        { type: "text", text: "Every plan costs less until the counter runs out." },
        { type: "price_grid", popular_price_id: "101" },
        cta,
        { type: "guarantee_badge", title: "30-day money-back guarantee" },
        session,
      ],
      {
        offers: [
          {
            id: "o1",
            discount_percent: 30,
            expires_at: inAnHour(),
            price_id: null,
            label: "30% off everything",
          },
        ],
      },
    ),
  countdown: () =>
    make(
      { brand_color: "#0369a1" },
      [yearly, monthly],
      [
        { type: "heading", text: "Write without limits" },
        features,
        { type: "price_grid", popular_price_id: "101" },
        cta,
        session,
      ],
      {
        offers: [
          { id: "o2", discount_percent: 20, expires_at: inAnHour(), price_id: "101", label: "Launch week" },
        ],
      },
    ),
  credits: () =>
    make(
      { brand_color: "#111827" },
      [
        price("301", "month", 15, { label: "Creator" }),
        price("302", "year", 120, { label: "Creator, yearly" }),
      ],
      [
        { type: "heading", text: "Make more pictures" },
        {
          type: "tokenization_gate",
          queries: [
            { id: "q1", name: "Images", desc: "Up to 2048 × 2048", count: 400 },
            { id: "q2", name: "Videos", desc: "Ten seconds each", count: 20 },
            { id: "q3", name: "Upscales", desc: "", count: 1200 },
          ],
        },
        { type: "price_grid", popular_price_id: "302" },
        cta,
        { type: "guarantee_badge", title: "Cancel any time", icon: "none" },
        session,
      ],
    ),
  auth_panel: () =>
    make(
      { brand_color: "#2563eb", auth_providers: ["google", "apple"] },
      [yearly, monthly],
      [
        { type: "heading", text: "Sign in to start your trial" },
        { type: "price_grid", view: "compact", popular_price_id: "101" },
        {
          type: "auth_panel",
          providers: ["google", "apple"],
          allow_email_code: true,
          heading: "Your account",
        },
        cta,
        session,
      ],
    ),
  one_plan: () =>
    make(
      { brand_color: "#15803d" },
      [lifetime],
      [{ type: "heading", text: "Pay once, keep it" }, features, { type: "price_grid" }, cta, session],
    ),
  crowded: () =>
    make(
      { brand_color: "#facc15", is_test_mode: true },
      [
        price("401", "day", 1.5),
        price("402", "week", 6, { trial_days: 3 }),
        price("403", "month", 1_234_567, {
          currency: "JPY",
          label: "Professional with a very long name that nobody would choose",
          description:
            "A description that goes on for a while, because somebody had a lot to say about this plan",
        }),
        price("404", "month", 60, { interval_count: 3 }),
        price("405", "year", 12_345_678, { currency: "JPY" }),
        price("406", "year", 1199.88, { interval_count: 2, label: "Two years" }),
        price("407", "lifetime", 99_999, { currency: "CHF" }),
      ],
      [
        { type: "heading", text: "Freundschaftsbeziehungen ohne Geschwindigkeitsbegrenzung" },
        {
          type: "text",
          text: "Alles, was Sie brauchen, um Ihre Dokumente auf sämtlichen Geräten weiterzubearbeiten.",
        },
        { type: "price_grid", popular_price_id: "403", popular_label: "Von den meisten Kunden gewählt" },
        {
          type: "cta_button",
          action: "checkout",
          label: "Jetzt sieben Tage lang unverbindlich kostenlos testen",
        },
        { type: "cta_button", action: "close", label: "Vielleicht später" },
        {
          type: "guarantee_badge",
          title: "60-Tage-Geld-zurück-Garantie",
          subtitle: "Ohne Angabe von Gründen.",
        },
        session,
      ],
    ),
} satisfies Record<string, () => PaywallBootstrap>;

export type TemplateName = keyof typeof TEMPLATES;
