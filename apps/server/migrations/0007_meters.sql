-- The leaky paywall: so many different articles per window, counted by us and nobody else.

create table meters (
  id               text primary key,
  tenant_id        text not null references tenants,
  key              text not null,
  -- Different contents in a window.
  max_reads        int not null check (max_reads between 0 and 1000),
  period           text not null check (period in ('DAY', 'WEEK', 'MONTH')),
  -- Whether readers who have not signed in get free reads at all.
  anonymous        boolean not null default true,
  -- Further reads for those who have.
  registered_bonus int not null default 0 check (registered_bonus between 0 and 1000),
  state            text not null default 'active' check (state in ('active', 'disabled')),
  created_at       timestamptz not null,
  unique (tenant_id, key)
);

-- One row per content that a reader was let into; the reader's windows are its ranges. `window_at` is the window's
-- first instant in the tenant's time zone.
create table meter_reads (
  tenant_id  text not null references tenants,
  meter_id   text not null references meters,
  reader     text not null,
  window_at  timestamptz not null,
  content_id text not null check (length(content_id) between 1 and 200),
  read_at    timestamptz not null,
  primary key (meter_id, reader, window_at, content_id)
);
create index meter_reads_old on meter_reads (window_at);
