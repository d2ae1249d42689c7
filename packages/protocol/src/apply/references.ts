import type { ApplyLayout } from "./layout.ts";
import type { ApplyPaywall } from "./paywall.ts";
import type { ApplyTenant } from "./tenant.ts";

export type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

const quoted = (names: Iterable<string>): string =>
  [...names].map((name) => `"${name}"`).join(", ") || "none";

function reportRepeats(names: string[], what: string, pathOf: (index: number) => Path, report: Report): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name)) report(pathOf(index), `another ${what} is already called "${name}"`);
    seen.add(name);
  });
}

/** A set that complains, with the names it does have, when asked for one that it lacks. */
function register(names: string[], what: string, report: Report) {
  const known = new Set(names);
  return (name: string | undefined, path: Path): void => {
    if (name !== undefined && !known.has(name)) {
      report(path, `there is no ${what} "${name}" in this file (there is: ${quoted(known)})`);
    }
  };
}

type Names = {
  option: (name: string | undefined, path: Path) => void;
  offer: (name: string | undefined, path: Path) => void;
};

function checkLayout(layout: ApplyLayout, path: Path, names: Names): void {
  layout.forEach((block, index) => {
    const at = (...rest: Path): Path => [...path, index, ...rest];
    if (block.type === "price_grid") {
      block.options?.forEach((name, position) => {
        names.option(name, at("options", position));
      });
      names.option(block.popular, at("popular"));
    }
    if (block.type === "cta_button") names.option(block.option, at("option"));
    if (block.type === "offer_banner") names.offer(block.offer, at("offer"));
  });
}

function checkPaywall(paywall: ApplyPaywall, tenant: ApplyTenant, path: Path, report: Report): void {
  const at = (...rest: Path): Path => [...path, ...rest];
  const product = register(
    tenant.products.map((it) => it.sku),
    "product with the sku",
    report,
  );
  const processor = register(
    tenant.processors.map((it) => it.key),
    "processor",
    report,
  );
  const domain = register(
    tenant.domains.map((it) => it.host),
    "domain",
    report,
  );
  const names: Names = {
    option: register(
      paywall.purchaseOptions.map((it) => it.key),
      "purchase option",
      report,
    ),
    offer: register(
      paywall.offers.map((it) => it.key),
      "offer",
      report,
    ),
  };

  const meter = register(
    tenant.meters.map((it) => it.key),
    "meter",
    report,
  );

  product(paywall.product, at("product"));
  meter(paywall.meter, at("meter"));
  for (const name of Object.keys(paywall.publisher?.options ?? {})) {
    names.option(name, at("publisher", "options", name));
  }
  domain(paywall.domain, at("domain"));
  for (const name of Object.keys(paywall.processors ?? {})) processor(name, at("processors", name));
  paywall.purchaseOptions.forEach((option, index) => {
    product(option.product, at("purchaseOptions", index, "product"));
    if (option.interval === "lifetime" && option.intervalCount !== 1) {
      report(at("purchaseOptions", index, "intervalCount"), "a lifetime purchase has no interval to count");
    }
    if (option.interval === "lifetime" && option.trialDays > 0) {
      report(at("purchaseOptions", index, "trialDays"), "a lifetime purchase cannot begin with a trial");
    }
  });
  const types = paywall.tokenization?.queries.map(({ type }) => type) ?? [];
  types.forEach((type, index) => {
    if (types.indexOf(type) !== index)
      report(at("tokenization", "queries", index, "type"), `${type} is there twice`);
  });
  paywall.purchaseOptions.forEach((option, index) => {
    option.credits.forEach(({ type }, position) => {
      if (!types.includes(type)) {
        report(at("purchaseOptions", index, "credits", position, "type"), `the paywall counts no ${type}`);
      }
    });
  });
  if (paywall.layout) checkLayout(paywall.layout, at("layout"), names);
  for (const [tag, locale] of Object.entries(paywall.locales)) {
    if (locale.layout) checkLayout(locale.layout, at("locales", tag, "layout"), names);
    for (const name of Object.keys(locale.options ?? {}))
      names.option(name, at("locales", tag, "options", name));
  }
  paywall.offers.forEach((offer, index) => {
    names.option(offer.option, at("offers", index, "option"));
  });
  checkExperiments(paywall, path, names, report);
}

function checkContent(tenant: ApplyTenant, report: Report): void {
  const skus = tenant.products.map((it) => it.sku);
  const product = register(skus, "product with the sku", report);
  tenant.products.forEach((it, index) => {
    it.contains.forEach((sku, position) => {
      const at: Path = ["products", index, "contains", position];
      if (sku === it.sku) report(at, "a product cannot contain itself");
      product(sku, at);
    });
  });
  const option = register(
    tenant.paywalls.flatMap((paywall) => paywall.purchaseOptions.map((it) => it.key)),
    "purchase option",
    report,
  );
  tenant.discountCodes.forEach((it, index) => {
    it.products.forEach((sku, position) => {
      product(sku, ["discountCodes", index, "products", position]);
    });
    it.options.forEach((name, position) => {
      option(name, ["discountCodes", index, "options", position]);
    });
  });
  tenant.accessLists.forEach((list, index) => {
    list.grants.forEach((grant, position) => {
      product(grant.product, ["accessLists", index, "grants", position, "product"]);
      option(grant.option, ["accessLists", index, "grants", position, "option"]);
    });
    reportRepeats(
      list.grants.map((it) => `${it.email} for ${it.product}`),
      "grant",
      (position) => ["accessLists", index, "grants", position],
      report,
    );
  });
}

function checkExperiments(paywall: ApplyPaywall, path: Path, names: Names, report: Report): void {
  const running = paywall.experiments.flatMap((it, index) => (it.state === "running" ? [index] : []));
  for (const index of running.slice(1)) {
    report([...path, "experiments", index, "state"], "only one experiment of a paywall can run at a time");
  }
  paywall.experiments.forEach((experiment, index) => {
    const at = (...rest: Path): Path => [...path, "experiments", index, ...rest];
    reportRepeats(
      experiment.variants.map((it) => it.key),
      "variant",
      (position) => at("variants", position, "key"),
      report,
    );
    if (experiment.variants.every((it) => it.weight === 0)) {
      report(at("variants"), "at least one variant needs a weight above 0");
    }
    experiment.variants.forEach((variant, position) => {
      variant.options.forEach((option, place) => {
        names.option(option.replaces, at("variants", position, "options", place, "replaces"));
      });
    });
  });
}

/**
 * Finds names that lead nowhere and names that are taken twice, within one tenant. Keys of purchase options
 * and offers are unique per tenant, not per paywall, so that `--only` runs and renames stay unambiguous.
 */
export function checkReferences(tenant: ApplyTenant, report: Report): void {
  reportRepeats(
    tenant.products.map((it) => it.sku),
    "product",
    (i) => ["products", i, "sku"],
    report,
  );
  reportRepeats(
    tenant.processors.map((it) => it.key),
    "processor",
    (i) => ["processors", i, "key"],
    report,
  );
  reportRepeats(
    tenant.clients.map((it) => it.clientId),
    "client",
    (i) => ["clients", i, "clientId"],
    report,
  );
  reportRepeats(
    tenant.authProviders.map((it) => it.provider),
    "sign-in provider",
    (i) => ["authProviders", i, "provider"],
    report,
  );
  reportRepeats(
    tenant.webhooks.map((it) => it.key),
    "webhook",
    (i) => ["webhooks", i, "key"],
    report,
  );
  reportRepeats(
    tenant.domains.map((it) => it.host),
    "domain",
    (i) => ["domains", i, "host"],
    report,
  );
  reportRepeats(
    tenant.paywalls.map((it) => it.key),
    "paywall",
    (i) => ["paywalls", i, "key"],
    report,
  );
  reportRepeats(
    tenant.meters.map((it) => it.key),
    "meter",
    (i) => ["meters", i, "key"],
    report,
  );
  reportRepeats(
    tenant.discountCodes.map((it) => it.code.toUpperCase()),
    "discount code",
    (i) => ["discountCodes", i, "code"],
    report,
  );
  reportRepeats(
    tenant.accessLists.map((it) => it.key),
    "access list",
    (i) => ["accessLists", i, "key"],
    report,
  );
  reportRepeats(
    tenant.contentSources.map((it) => it.key),
    "content source",
    (i) => ["contentSources", i, "key"],
    report,
  );
  checkContent(tenant, report);

  const owned = { options: [] as Named[], offers: [] as Named[], experiments: [] as Named[] };
  tenant.paywalls.forEach((paywall, index) => {
    const base: Path = ["paywalls", index];
    paywall.purchaseOptions.forEach((it, i) => {
      owned.options.push({ name: it.key, path: [...base, "purchaseOptions", i, "key"] });
    });
    paywall.offers.forEach((it, i) => {
      owned.offers.push({ name: it.key, path: [...base, "offers", i, "key"] });
    });
    paywall.experiments.forEach((it, i) => {
      owned.experiments.push({ name: it.key, path: [...base, "experiments", i, "key"] });
      it.variants.forEach((variant, v) => {
        variant.options.forEach((option, o) => {
          const path = [...base, "experiments", i, "variants", v, "options", o, "key"];
          owned.options.push({ name: option.key, path });
        });
      });
    });
    checkPaywall(paywall, tenant, base, report);
  });
  const whats = { options: "purchase option", offers: "offer", experiments: "experiment" } as const;
  for (const kind of ["options", "offers", "experiments"] as const) {
    const list = owned[kind];
    reportRepeats(
      list.map((it) => it.name),
      whats[kind],
      (i) => list[i]!.path,
      report,
    );
  }
}

type Named = { name: string; path: Path };
