import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createRequestMetrics } from "./request-metrics.ts";

test("what Prometheus reads: answers by route, method and status; times by route in growing buckets", async () => {
  const registry = new Registry();
  const { observer, metrics } = createRequestMetrics();
  for (const metric of metrics) registry.registerMetric(metric);
  observer("/never", "GET", 200);
  observer("/a", "GET", 200)(0.002);
  observer("/a", "GET", 200)(0.3);
  observer("/a", "POST", 404)(60);
  const lines = (await registry.metrics()).split("\n");
  expect(lines).toContain("# TYPE tollgate_http_requests_total counter");
  expect(lines).toContain('tollgate_http_requests_total{route="/a",method="GET",status="200"} 2');
  expect(lines).toContain('tollgate_http_requests_total{route="/a",method="POST",status="404"} 1');
  expect(lines).toContain("# TYPE tollgate_http_request_seconds histogram");
  const buckets = lines.filter((line) => line.startsWith("tollgate_http_request_seconds_bucket"));
  expect(buckets.map((line) => Number(line.split(" ").at(-1)))).toEqual([
    1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3,
  ]);
  expect(buckets[0]).toContain('{le="0.002",route="/a"}');
  expect(buckets.at(-1)).toContain('{le="+Inf",route="/a"}');
  expect(lines).toContain('tollgate_http_request_seconds_sum{route="/a"} 60.302');
  expect(lines).toContain('tollgate_http_request_seconds_count{route="/a"} 3');
  expect(lines.join("\n")).not.toContain("/never");
});
