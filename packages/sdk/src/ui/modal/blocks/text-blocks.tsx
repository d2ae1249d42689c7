import { useLayoutEffect, useRef } from "preact/hooks";
import type {
  FeaturesListBlock,
  GuaranteeBadgeBlock,
  HeadingBlock,
  TextBlock,
  TokenizationGateBlock,
} from "../../../core/index.ts";
import { period } from "../../pricing.ts";
import { Icon } from "../icons.tsx";
import type { BlockProps } from "./registry.tsx";

export function Heading({ block, ctx }: BlockProps<HeadingBlock>) {
  const ref = useRef<HTMLHeadingElement>(null);
  const level = block.level ?? 1;
  const fit = level === 1 && ctx.bootstrap.settings.title_auto_fit;
  useLayoutEffect(() => {
    const element = ref.current!;
    element.style.fontSize = "";
    if (!fit) return;
    // Scripts with marks above and below have taller lines.
    const twoLines = () => Number.parseFloat(getComputedStyle(element).lineHeight) * 2 + 2;
    // Called once the frame is laid out, before it is painted: asking here and now would lay it out twice.
    const observer = new ResizeObserver(() => {
      observer.disconnect();
      for (let size = 26; size >= 16 && element.offsetHeight > twoLines(); size--)
        element.style.fontSize = `${size}px`;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [block.text, fit]);
  const Tag = `h${level + 1}` as "h2";
  return (
    <Tag ref={ref} id={ctx.titleId} class={`heading l${level}`}>
      {block.text}
    </Tag>
  );
}

export const Text = ({ block }: BlockProps<TextBlock>) => <p class="text">{block.text}</p>;

export function FeaturesList({ block }: BlockProps<FeaturesListBlock>) {
  if (!block.items?.length) return null;
  return (
    <ul class="features">
      {block.items.map((item) => (
        <li key={item.id}>
          <Icon name="check" />
          <span>
            <b>{item.name}</b>
            {item.desc && <small>{item.desc}</small>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const MONTHS: Record<string, number> = { week: 0.25, month: 1, year: 12 };

export function TokenizationGate({ block, ctx }: BlockProps<TokenizationGateBlock>) {
  if (!block.queries?.length) return null;
  const price = ctx.bootstrap.prices.find(({ id }) => id === ctx.selectedPriceId);
  const factor = MONTHS[price?.interval ?? ""];
  const own = price?.credits;
  const countOf = ({ id, count }: { id: string; count: number }) =>
    own ? (own.find(({ type }) => type === id)?.count ?? 0) : count;
  return (
    <div class="quota">
      <p>
        {price && factor
          ? ctx.t("pricing.included_per", { period: period({ ...price, interval_count: 1 }, ctx.t) })
          : ctx.t("pricing.included_total")}
      </p>
      <ul>
        {block.queries
          .filter((query) => !own || countOf(query) > 0)
          .map((query) => (
            <li key={query.id}>
              <span>
                <b>{query.name}</b>
                {query.desc && <small>{query.desc}</small>}
              </span>
              <em>{Math.round(countOf(query) * (factor ?? 1)).toLocaleString(ctx.locale)}</em>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Says what the merchant promised; without a promise it only says what happens next. */
export function GuaranteeBadge({ block, ctx }: BlockProps<GuaranteeBadgeBlock>) {
  const title = block.title ?? ctx.t("pricing.secure");
  const subtitle = block.subtitle ?? (block.title ? "" : ctx.t("pricing.secure_hint"));
  const lead = /^\d+[-\s]\S+/.exec(title)?.[0] ?? "";
  return (
    <p class="guarantee">
      {block.icon !== "none" && <Icon name="shield" />}
      <span>
        <span class="promise">
          {lead && <b>{lead}</b>}
          {title.slice(lead.length)}
        </span>
        {subtitle && <small>{subtitle}</small>}
      </span>
    </p>
  );
}
