import type { Metric } from "prom-client";

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Value = { metricName: string; labels: Record<string, string | number>; value: number };
type Durations = { counts: number[]; sum: number; total: number };
type Observer = (seconds: number) => void;

/**
 * How many requests were answered and how long that took. Every request is counted, so counting is two additions
 * here, and what Prometheus reads is put together when it reads; the library's own metrics look labels up in
 * text each time, which cost a tenth of an answer from memory.
 */
export function createRequestMetrics() {
  const answered = new Map<string, { labels: Value["labels"]; count: number; observe: Observer }>();
  const durations = new Map<string, Durations>();

  function durationsOf(route: string): Durations {
    let known = durations.get(route);
    if (!known) {
      known = { counts: new Array<number>(BUCKETS.length + 1).fill(0), sum: 0, total: 0 };
      durations.set(route, known);
    }
    return known;
  }

  function observer(route: string, method: string, status: number): Observer {
    const key = `${status} ${method} ${route}`;
    const known = answered.get(key);
    if (known) return known.observe;
    const took = durationsOf(route);
    const entry = {
      labels: { route, method, status },
      count: 0,
      observe(seconds: number) {
        entry.count += 1;
        took.sum += seconds;
        took.total += 1;
        let bucket = 0;
        while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]!) bucket += 1;
        took.counts[bucket]! += 1;
      },
    };
    answered.set(key, entry);
    return entry.observe;
  }

  const counter = metric("tollgate_http_requests_total", "HTTP requests answered", "counter", (metricName) =>
    [...answered.values()]
      .filter(({ count }) => count > 0)
      .map(({ labels, count }) => ({ metricName, labels, value: count })),
  );
  const histogram = metric("tollgate_http_request_seconds", "Time to answer", "histogram", (name) =>
    [...durations]
      .filter(([, { total }]) => total > 0)
      .flatMap(([route, took]) => valuesOf(name, route, took)),
  );
  return { observer, metrics: [counter, histogram] };
}

function valuesOf(name: string, route: string, { counts, sum, total }: Durations): Value[] {
  let below = 0;
  const buckets = [...BUCKETS, "+Inf"].map((le, i) => {
    below += counts[i]!;
    return { metricName: `${name}_bucket`, labels: { le, route }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { route }, value: sum },
    { metricName: `${name}_count`, labels: { route }, value: total },
  ];
}

/** A metric of our own in the library's registry, which only ever asks for its values. */
function metric(name: string, help: string, type: string, values: (name: string) => Value[]): Metric {
  const own = {
    name,
    help,
    type,
    get: async () => ({ name, help, type, aggregator: "sum", values: values(name) }),
  };
  return own as unknown as Metric;
}
