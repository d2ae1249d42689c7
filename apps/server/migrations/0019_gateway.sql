-- The AI gateway (paywall API §7, product spec §2): whose API is called on a customer's behalf, at what price, and what
-- was called.

create table api_providers (
  id text primary key,
  tenant_id text not null references tenants (id),
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
  name text not null,
  wire text not null check (wire in ('openai', 'anthropic', 'generic')),
  base_url text not null,
  -- A JSON object of names and values.
  headers_sealed text not null,
  api_key_sealed text,
  methods text[] not null,
  path_rules text[] not null default '{}',
  default_body jsonb not null default '{}',
  -- `free` is counted and never charged.
  token_type text not null check (token_type ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  price_rule jsonb not null,
  cost_table jsonb not null default '[]',
  timeout_ms int not null check (timeout_ms between 1000 and 3600000),
  max_bytes bigint not null check (max_bytes between 1024 and 10737418240),
  per_minute int check (per_minute > 0),
  concurrent int check (concurrent > 0),
  per_day int check (per_day > 0),
  state text not null check (state in ('enabled', 'disabled')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, key)
);

-- One call, without its body. `running`: the answer is on its way; who finds it so long after its last sign of life
-- charges `owed`, because what was delivered is not free.
create table gateway_requests (
  id text primary key,
  tenant_id text not null references tenants (id),
  mode text not null check (mode in ('test', 'live')),
  paywall_id text not null references paywalls (id),
  provider_id text not null references api_providers (id),
  customer_id text not null references customers (id),
  state text not null check (state in ('running', 'done')),
  hold_id text,
  method text not null,
  path text not null,
  model text,
  status int,
  first_byte_ms int,
  total_ms int,
  stream boolean not null default false,
  aborted boolean not null default false,
  units_in bigint,
  units_out bigint,
  token_type text not null,
  owed bigint not null default 0 check (owed >= 0),
  tokens bigint not null default 0 check (tokens >= 0),
  cost_micro bigint,
  error text,
  created_at timestamptz not null,
  seen_at timestamptz not null
);

create index gateway_requests_customer on gateway_requests (tenant_id, customer_id, created_at desc, id desc);
create index gateway_requests_provider on gateway_requests (provider_id, created_at desc);
create index gateway_requests_age on gateway_requests (created_at);
create index gateway_requests_running on gateway_requests (seen_at) where state = 'running';
