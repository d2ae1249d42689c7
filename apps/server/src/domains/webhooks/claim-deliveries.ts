import { type Queryable, sql } from "../../platform/database/index.ts";

/** A delivery that this process alone may try until the lease ends. */
export type ClaimedDelivery = {
  id: string;
  tenantId: string;
  endpointId: string;
  messageId: string;
  body: string;
  /** Attempts made so far. */
  attempt: number;
  url: string;
  secretSealed: string | null;
  clockOffsetMs: number;
  leaseUntil: Date;
};

export type ClaimLimits = {
  total: number;
  perEndpoint: number;
  /** For an endpoint whose last attempts failed. */
  perFailingEndpoint: number;
  /** How many deliveries this process is trying already, by endpoint. */
  inFlight: ReadonlyMap<string, number>;
};

/**
 * Takes due deliveries of active endpoints, oldest first within each endpoint. Nothing is locked
 * afterwards: the lease, on real time, keeps others away while the request runs, and a process that dies
 * merely lets it end, after which the delivery is due again.
 */
export const claimDeliveries = (
  q: Queryable,
  now: Date,
  leaseUntil: Date,
  limits: ClaimLimits,
): Promise<ClaimedDelivery[]> =>
  q.query<ClaimedDelivery>(sql`
    with recursive
      -- Hops from endpoint to endpoint through the index instead of reading a long backlog of one.
      waiting as (
        (select endpoint_id from webhook_deliveries where state in ('queued', 'retrying') order by endpoint_id limit 1)
        union all
        select (select endpoint_id from webhook_deliveries
                where state in ('queued', 'retrying') and endpoint_id > w.endpoint_id order by endpoint_id limit 1)
        from waiting w where w.endpoint_id is not null),
      busy as (
        select * from unnest(${[...limits.inFlight.keys()]}::text[], ${[...limits.inFlight.values()]}::int[]) b (id, n)),
      due as (
        select d.id from waiting w
        join webhook_endpoints e on e.id = w.endpoint_id and e.state = 'active'
        join tenants t on t.id = e.tenant_id
        left join busy b on b.id = e.id
        cross join lateral (
          select id from webhook_deliveries
          where endpoint_id = e.id and state in ('queued', 'retrying')
            and next_at <= ${now}::timestamptz + t.clock_offset_ms * interval '1 millisecond'
            and (claimed_until is null or claimed_until <= ${now})
          order by next_at, id
          limit greatest(0, case when e.fail_since_at is null then ${limits.perEndpoint}::int
                            else ${limits.perFailingEndpoint}::int end - coalesce(b.n, 0))
          for update skip locked) d
        limit ${limits.total})
    update webhook_deliveries d set claimed_until = ${leaseUntil}
    from webhook_endpoints e, tenants t
    where d.id in (select id from due) and e.id = d.endpoint_id and t.id = d.tenant_id
    returning d.id, d.tenant_id "tenantId", d.endpoint_id "endpointId", d.message_id "messageId", d.body, d.attempt,
      e.url, e.secret_sealed "secretSealed", t.clock_offset_ms "clockOffsetMs",
      d.claimed_until "leaseUntil"`);

/** Gives claimed deliveries back untried. They are due as before. */
export const releaseDeliveries = (q: Queryable, deliveries: ClaimedDelivery[]): Promise<number> =>
  q.execute(sql`
    update webhook_deliveries w set claimed_until = null
    from unnest(${deliveries.map(({ id }) => id)}::text[],
                ${deliveries.map(({ leaseUntil }) => leaseUntil)}::timestamptz[]) r (id, lease)
    where w.id = r.id and w.claimed_until = r.lease`);
