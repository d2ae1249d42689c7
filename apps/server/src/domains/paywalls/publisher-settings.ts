import type { ApplyPublisherPaywall } from "@tollgate/protocol/apply";

/** The part of a paywall's settings that publishers' pages show; `options` are texts by the key of a purchase option. */
export type PublisherSettings = ApplyPublisherPaywall;
