-- The foundation: who sells, who pays, what is sold, and the record of every sale.
-- Every row has a tenant. Instants end in _at, amounts in _minor. Column defaults of now() are
-- forensics only; decisions use instants that the caller passes in.

create sequence paywall_num start 1;
create sequence purchase_option_num start 101;
create sequence ticket_num start 1;

-- Tenants ------------------------------------------------------------------------------------

create table tenants (
  id              text primary key,
  slug            text not null unique check (length(slug) between 1 and 40),
  name            text not null check (length(name) between 1 and 120),
  status          text not null default 'active' check (status in ('active', 'suspended', 'closing', 'erased')),
  brand_color     text,
  currency        char(3) not null default 'USD',
  locale          text not null default 'en',
  time_zone       text not null default 'UTC',
  support_email   text,
  descriptor      text,
  grace_days      int not null default 7 check (grace_days between 0 and 60),
  refund_policy   text not null default 'revoke' check (refund_policy in ('revoke', 'keep_until_period_end')),
  hybrid_trust    text not null default 'recent' check (hybrid_trust in ('none', 'recent', 'signed', 'legacy')),
  hybrid_secret_sealed text,
  -- Country code -> tier 1..3, only what differs from the built-in table.
  tiers           jsonb not null default '{}',
  -- The test clock: commerce for this tenant happens at real time plus this offset.
  clock_offset_ms bigint not null default 0 check (clock_offset_ms >= 0),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  row_version     int not null default 1
);

create table staff_accounts (
  id            text primary key,
  email         text not null unique,
  password_hash text not null,
  created_at    timestamptz not null default now()
);

create table memberships (
  id         text primary key,
  tenant_id  text not null references tenants,
  staff_id   text not null references staff_accounts,
  role       text not null,
  state      text not null default 'active' check (state in ('invited', 'active', 'suspended', 'removed')),
  created_at timestamptz not null default now(),
  unique (tenant_id, staff_id)
);

create table api_keys (
  id           text primary key,
  tenant_id    text not null references tenants,
  name         text not null check (length(name) between 1 and 80),
  kind         text not null check (kind in ('secret', 'publishable', 'ingest')),
  mode         text not null check (mode in ('test', 'live')),
  hash         bytea not null unique,
  prefix       text not null,
  last4        text not null,
  scopes       text[] not null default '{}',
  active       boolean not null default true,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  created_at   timestamptz not null
);
create index api_keys_tenant on api_keys (tenant_id);

create table domains (
  id         text primary key,
  tenant_id  text not null references tenants,
  host       text not null unique,
  state      text not null default 'pending_dns' check (state in ('pending_dns', 'verified', 'active', 'degraded', 'removed')),
  created_at timestamptz not null default now()
);

-- Catalogue ----------------------------------------------------------------------------------

create table products (
  id          text primary key,
  tenant_id   text not null references tenants,
  sku         text not null check (length(sku) between 1 and 200),
  title       text not null check (length(title) between 1 and 300),
  description text,
  type        text not null default 'pass',
  access_rule text not null default 'while_contract_active'
              check (access_rule in ('while_contract_active', 'fixed_duration', 'forever')),
  access_days int,
  state       text not null default 'active' check (state in ('draft', 'active', 'archived')),
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  row_version int not null default 1,
  unique (tenant_id, sku)
);

-- Paywalls -----------------------------------------------------------------------------------

create table paywalls (
  id                 text primary key,
  num                bigint not null unique default nextval('paywall_num'),
  tenant_id          text not null references tenants,
  -- The merchant's own name for it in the apply file; what makes `tollgate apply` idempotent.
  key                text not null,
  name               text not null default '' check (length(name) <= 120),
  surface            text not null default 'app' check (surface in ('app', 'publisher')),
  status             text not null default 'published' check (status in ('draft', 'published', 'archived')),
  visible            boolean not null default true,
  payment_mode       text not null default 'test' check (payment_mode in ('test', 'live')),
  currency           char(3) not null default 'USD',
  settings           jsonb not null default '{}',
  default_product_id text not null references products,
  domain_id          text references domains,
  live_version_id    text,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  row_version        int not null default 1,
  unique (tenant_id, key)
);

create table paywall_versions (
  id           text primary key,
  tenant_id    text not null references tenants,
  paywall_id   text not null references paywalls,
  number       int not null,
  -- { layout?, locales?: { tag: { layout?, prices? } } } with purchase options named by their num.
  body         jsonb not null,
  content_hash text not null,
  note         text,
  state        text not null default 'published' check (state in ('draft', 'scheduled', 'published', 'superseded')),
  published_at timestamptz,
  created_at   timestamptz not null default now(),
  unique (paywall_id, number)
);
alter table paywalls add foreign key (live_version_id) references paywall_versions;

create table purchase_options (
  id             text primary key,
  num            bigint not null unique default nextval('purchase_option_num'),
  tenant_id      text not null references tenants,
  product_id     text not null references products,
  paywall_id     text references paywalls,
  -- Stable name in the apply file; a successor keeps it.
  key            text not null,
  kind           text not null check (kind in ('recurring', 'renewable', 'one_time', 'custom_amount', 'free')),
  interval       text check (interval in ('day', 'week', 'month', 'year', 'lifetime')),
  interval_count int not null default 1 check (interval_count between 1 and 36),
  amount_minor   bigint not null check (amount_minor >= 0),
  currency       char(3) not null,
  -- [{ currency, amountMinor, countries?: [] }]
  local          jsonb not null default '[]',
  trial_days     int not null default 0 check (trial_days between 0 and 365),
  label          text,
  description    text,
  sort           int not null default 0,
  state          text not null default 'active' check (state in ('draft', 'active', 'superseded', 'archived')),
  supersedes_id  text references purchase_options,
  superseded_at  timestamptz,
  -- Set on a price that exists only inside an experiment's variant: the control option it stands for.
  replaces_id    text references purchase_options,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  row_version    int not null default 1,
  check (kind <> 'recurring' or interval in ('day', 'week', 'month', 'year'))
);
create unique index purchase_options_key on purchase_options (tenant_id, key) where state <> 'superseded';
create index purchase_options_paywall on purchase_options (paywall_id, sort);

-- Growth -------------------------------------------------------------------------------------

create table offers (
  id         text primary key,
  tenant_id  text not null references tenants,
  paywall_id text not null references paywalls,
  key        text not null,
  label      text,
  percent_bp int not null check (percent_bp between 1 and 10000),
  option_id  text references purchase_options,
  timer      text not null default 'none' check (timer in ('none', 'duration', 'end_date')),
  minutes    int check (minutes between 1 and 10080),
  ends_at    timestamptz,
  -- Country codes and TIER1..TIER3; empty means everywhere.
  countries  text[] not null default '{}',
  -- Lower-cased addresses; empty means everybody.
  emails     text[] not null default '{}',
  priority   int not null default 0,
  state      text not null default 'active' check (state in ('draft', 'active', 'paused', 'ended')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant_id, key),
  check (timer <> 'duration' or minutes is not null),
  check (timer <> 'end_date' or ends_at is not null)
);
create index offers_paywall on offers (paywall_id) where state = 'active';

create table experiments (
  id         text primary key,
  tenant_id  text not null references tenants,
  paywall_id text not null references paywalls,
  key        text not null,
  kind       text not null default 'prices',
  state      text not null default 'draft' check (state in ('draft', 'running', 'paused', 'stopped', 'archived')),
  -- Ordered: [{ key, weight, optionIds: [] }]; assignment walks this order.
  variants   jsonb not null,
  started_at timestamptz,
  stopped_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tenant_id, key)
);
create unique index experiments_one_running on experiments (paywall_id) where state = 'running' and kind = 'prices';

-- Customers and identity ---------------------------------------------------------------------

create table customers (
  id                text primary key,
  -- The user id on the 3.x wire, which must be a UUID.
  uuid              uuid not null unique,
  tenant_id         text not null references tenants,
  email             text check (email = lower(email)),
  email_verified_at timestamptz,
  name              text,
  picture           text,
  locale            text,
  country           char(2),
  anonymous         boolean not null default false,
  merged_into_id    text references customers,
  created_at        timestamptz not null,
  updated_at        timestamptz not null default now(),
  row_version       int not null default 1
);
create unique index customers_email on customers (tenant_id, email) where merged_into_id is null and email is not null;

create table identities (
  id           text primary key,
  tenant_id    text not null references tenants,
  customer_id  text not null references customers,
  provider     text not null,
  subject      text not null,
  secret_hash  text,
  verified_at  timestamptz,
  last_used_at timestamptz,
  created_at   timestamptz not null,
  unique (tenant_id, provider, subject)
);
create index identities_customer on identities (customer_id);

-- The merchant's own ids for our customers (namespace 'merchant') and, later, processors' and publishers'.
create table external_references (
  tenant_id   text not null references tenants,
  namespace   text not null,
  external_id text not null,
  customer_id text not null references customers,
  created_at  timestamptz not null default now(),
  primary key (tenant_id, namespace, external_id)
);

-- customer x paywall: its existence defines "on this paywall".
create table paywall_links (
  tenant_id     text not null references tenants,
  paywall_id    text not null references paywalls,
  customer_id   text not null references customers,
  user_meta     jsonb not null default '{}',
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  primary key (paywall_id, customer_id)
);
create index paywall_links_customer on paywall_links (customer_id);

create table devices (
  id            text primary key,
  tenant_id     text not null references tenants,
  visitor_id    text not null,
  customer_id   text references customers,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  unique (tenant_id, visitor_id)
);

-- Client addresses from which a customer signed in or paid; what hybrid trust 'recent' asks.
create table trusted_addresses (
  tenant_id    text not null references tenants,
  customer_id  text not null references customers,
  address_hash bytea not null,
  last_seen_at timestamptz not null,
  primary key (tenant_id, customer_id, address_hash)
);

-- One signed-in device. All refresh tokens of a session are one family.
create table sessions (
  id           text primary key,
  tenant_id    text not null references tenants,
  customer_id  text not null references customers,
  paywall_id   text references paywalls,
  visitor_id   text,
  amr          text[] not null default '{}',
  created_at   timestamptz not null,
  last_used_at timestamptz not null,
  revoked_at   timestamptz,
  revoke_reason text
);
create index sessions_customer on sessions (customer_id) where revoked_at is null;

-- A refresh makes the next generation; a repeat inside the reuse window adds a sibling to it. Using one
-- token uses up its whole generation.
create table refresh_tokens (
  hash       bytea primary key,
  tenant_id  text not null references tenants,
  session_id text not null references sessions,
  generation int not null,
  issued_at  timestamptz not null,
  used_at    timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id, generation);

-- E-mailed proofs: the six digits and the link of one mail are one row.
create table one_time_codes (
  id            text primary key,
  tenant_id     text not null references tenants,
  paywall_id    text references paywalls,
  customer_id   text references customers,
  email         text not null,
  purpose       text not null check (purpose in ('email', 'signup', 'recovery', 'upgrade')),
  code_hash     bytea not null,
  link_hash     bytea not null unique,
  payload       jsonb not null default '{}',
  attempts      int not null default 0,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  consumed_at   timestamptz
);
create index one_time_codes_email on one_time_codes (tenant_id, email, created_at desc);

-- Processors ---------------------------------------------------------------------------------

create table processor_connections (
  id                 text primary key,
  tenant_id          text not null references tenants,
  key                text not null,
  kind               text not null,
  label              text not null,
  mode               text not null check (mode in ('test', 'live')),
  -- What the 3.x wire calls it in `acquiring`.
  acquiring          text not null check (acquiring in ('stripe', 'paddle', 'chargebee', 'freemius', 'overpay')),
  credentials_sealed text,
  webhook_secret_sealed text not null,
  state              text not null default 'active' check (state in ('draft', 'active', 'error', 'disabled')),
  created_at         timestamptz not null default now(),
  unique (tenant_id, key),
  check (kind <> 'sandbox' or mode = 'test')
);

create table paywall_connections (
  tenant_id     text not null references tenants,
  paywall_id    text not null references paywalls,
  connection_id text not null references processor_connections,
  weight        int not null default 100 check (weight between 0 and 100),
  primary key (paywall_id, connection_id)
);

create table processor_events (
  id            text primary key,
  tenant_id     text not null references tenants,
  connection_id text not null references processor_connections,
  external_id   text not null,
  type          text not null,
  occurred_at   timestamptz not null,
  body          text not null,
  -- received -> applied | ignored; waiting when the object it speaks of is not here yet.
  state         text not null default 'received' check (state in ('received', 'waiting', 'applied', 'ignored', 'failed')),
  waits_for     text,
  attempts      int not null default 0,
  error         text,
  next_try_at   timestamptz,
  received_at   timestamptz not null,
  applied_at    timestamptz,
  unique (connection_id, external_id)
);
create index processor_events_open on processor_events (next_try_at) where state in ('received', 'waiting', 'failed');
create index processor_events_waiting on processor_events (connection_id, waits_for) where state = 'waiting';

-- Checkout and billing -----------------------------------------------------------------------

create table checkouts (
  id             text primary key,
  tenant_id      text not null references tenants,
  mode           text not null check (mode in ('test', 'live')),
  paywall_id     text not null references paywalls,
  customer_id    text not null references customers,
  product_id     text not null references products,
  option_id      text not null references purchase_options,
  quantity       int not null default 1 check (quantity >= 1),
  currency       char(3) not null,
  subtotal_minor bigint not null check (subtotal_minor >= 0),
  discount_minor bigint not null default 0 check (discount_minor >= 0),
  total_minor    bigint not null check (total_minor = subtotal_minor - discount_minor and total_minor >= 0),
  trial_days     int not null default 0,
  offer_id       text references offers,
  percent_bp     int,
  state          text not null default 'open' check (state in ('open', 'processing', 'completed', 'expired', 'canceled')),
  close_reason   text,
  connection_id  text not null references processor_connections,
  external_id    text,
  checkout_url   text,
  success_url    text not null,
  error_url      text not null,
  shop_url       text,
  product_name   text not null,
  visitor_id     text,
  experiment_id  text,
  variant_key    text,
  user_meta      jsonb not null default '{}',
  -- The buyer's client address, sealed under `checkout-address:<id>`; becomes trusted when the checkout completes.
  address_sealed text,
  -- Equal hashes mean equal terms: an open checkout younger than 30 minutes is then given again.
  terms_hash     bytea not null,
  country        char(2),
  -- Set with ignoreActivePurchase: ended once this checkout is paid.
  replaces_contract_ids text[] not null default '{}',
  contract_id    text,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  completed_at   timestamptz
);
create index checkouts_customer on checkouts (customer_id, created_at desc);
create index checkouts_visitor on checkouts (tenant_id, visitor_id, completed_at) where visitor_id is not null;
create unique index checkouts_external on checkouts (connection_id, external_id) where external_id is not null;
create index checkouts_expiring on checkouts (expires_at) where state in ('open', 'processing');

create table payment_methods (
  id            text primary key,
  tenant_id     text not null references tenants,
  customer_id   text not null references customers,
  connection_id text not null references processor_connections,
  vault_ref     text not null,
  type          text not null,
  brand         text,
  last4         text,
  exp_month     int,
  exp_year      int,
  fingerprint   text,
  state         text not null default 'active' check (state in ('active', 'expiring', 'expired', 'removed')),
  created_at    timestamptz not null,
  unique (connection_id, vault_ref)
);

create table contracts (
  id                   text primary key,
  tenant_id            text not null references tenants,
  mode                 text not null check (mode in ('test', 'live')),
  paywall_id           text not null references paywalls,
  customer_id          text not null references customers,
  checkout_id          text not null references checkouts,
  product_id           text not null references products,
  option_id            text not null references purchase_options,
  quantity             int not null default 1,
  duration             text not null check (duration in ('RECURRING', 'RENEWABLE', 'PERPETUAL')),
  state                text not null check (state in ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due',
                         'unpaid', 'paused', 'canceled', 'expired')),
  currency             char(3) not null,
  price_minor          bigint not null check (price_minor >= 0),
  percent_bp           int,
  interval             text,
  interval_count       int not null default 1,
  anchor_day           int,
  period_start_at      timestamptz not null,
  period_end_at        timestamptz,
  trial_start_at       timestamptz,
  trial_end_at         timestamptz,
  cancel_at_period_end boolean not null default false,
  cancel_at            timestamptz,
  canceled_at          timestamptz,
  -- What the customer said, kept from the moment it was asked for.
  cancel_reason        text,
  ended_at             timestamptz,
  -- Why it ends or ended, as far as the processor and the bills tell.
  end_reason           text check (end_reason in ('requested', 'dunning', 'refund', 'dispute')),
  past_due_since_at    timestamptz,
  grace_until_at       timestamptz,
  method_id            text references payment_methods,
  connection_id        text not null references processor_connections,
  external_id          text not null,
  -- The processor's version of the subscription that these columns reflect; older news is ignored.
  external_version     bigint not null default 0,
  -- The processor's latest word, from which the columns above are derived together with the bills.
  snapshot             jsonb not null,
  visitor_id           text,
  offer_id             text,
  experiment_id        text,
  variant_key          text,
  metadata             jsonb not null default '{}',
  replaced_by_id       text references contracts,
  created_at           timestamptz not null,
  updated_at           timestamptz not null default now(),
  row_version          int not null default 1,
  unique (connection_id, external_id),
  unique (checkout_id)
);
create index contracts_customer on contracts (customer_id, created_at desc);
create index contracts_paywall on contracts (paywall_id, customer_id, created_at desc);
create index contracts_grace on contracts (grace_until_at) where state = 'past_due';
alter table checkouts add foreign key (contract_id) references contracts;

-- One row per gapless series of bill numbers; locked while a number is taken.
create table bill_series (
  tenant_id text not null references tenants,
  mode      text not null check (mode in ('test', 'live')),
  last      bigint not null default 0,
  primary key (tenant_id, mode)
);

create table bills (
  id              text primary key,
  tenant_id       text not null references tenants,
  mode            text not null check (mode in ('test', 'live')),
  number          bigint not null check (number >= 1),
  contract_id     text not null references contracts,
  customer_id     text not null references customers,
  connection_id   text not null references processor_connections,
  -- The processor's invoice; the reason a bill is issued once however often we hear of it.
  external_id     text not null,
  -- [{ sku, title, option, quantity, unitMinor, discountMinor, totalMinor }]
  lines           jsonb not null,
  currency        char(3) not null,
  gross_minor     bigint not null check (gross_minor >= 0),
  paid_minor      bigint not null default 0 check (paid_minor >= 0 and paid_minor <= gross_minor),
  refunded_minor  bigint not null default 0 check (refunded_minor >= 0 and refunded_minor <= paid_minor),
  state           text not null check (state in ('draft', 'open', 'past_due', 'paid', 'partially_refunded', 'refunded',
                    'void', 'uncollectible', 'disputed', 'charged_back')),
  period_start_at timestamptz not null,
  period_end_at   timestamptz,
  issued_at       timestamptz not null,
  paid_at         timestamptz,
  -- When nothing of it was left paid.
  refunded_at     timestamptz,
  dispute_state   text check (dispute_state in ('open', 'won', 'lost')),
  dispute_ref     text,
  disputed_at     timestamptz,
  dispute_closed_at timestamptz,
  created_at      timestamptz not null,
  unique (tenant_id, mode, number),
  unique (connection_id, external_id)
);
create index bills_contract on bills (contract_id, number);
create index bills_customer on bills (customer_id, number desc);

create table transactions (
  id            text primary key,
  tenant_id     text not null references tenants,
  mode          text not null check (mode in ('test', 'live')),
  bill_id       text not null references bills,
  contract_id   text not null references contracts,
  connection_id text not null references processor_connections,
  kind          text not null check (kind in ('charge', 'refund', 'chargeback', 'adjustment')),
  state         text not null check (state in ('pending', 'requires_action', 'succeeded', 'failed', 'canceled')),
  amount_minor  bigint not null check (amount_minor >= 0),
  currency      char(3) not null,
  failure_code  text,
  reason        text,
  processor_ref text not null,
  occurred_at   timestamptz not null,
  created_at    timestamptz not null,
  unique (connection_id, processor_ref)
);
create index transactions_contract on transactions (contract_id);
create index transactions_bill on transactions (bill_id);

-- A card trial is given once per person (and per card) and product.
create table card_trials (
  tenant_id   text not null references tenants,
  product_id  text not null references products,
  customer_id text not null references customers,
  contract_id text not null references contracts,
  fingerprint text,
  started_at  timestamptz not null,
  expires_at  timestamptz not null,
  outcome     text check (outcome in ('converted', 'expired', 'cancelled')),
  primary key (contract_id)
);
create index card_trials_customer on card_trials (customer_id, product_id);
create index card_trials_fingerprint on card_trials (tenant_id, product_id, fingerprint);

-- What we decided and still have to ask a processor for: written with the decision, carried out after its
-- commit, repeated until answered. The id is the processor's idempotency key.
create table processor_intents (
  id            text primary key,
  tenant_id     text not null references tenants,
  connection_id text not null references processor_connections,
  contract_id   text not null references contracts,
  kind          text not null check (kind in ('cancel_now', 'cancel_at_period_end', 'uncancel', 'end_trial', 'refund')),
  payload       jsonb not null default '{}',
  state         text not null default 'queued' check (state in ('queued', 'done', 'failed')),
  attempts      int not null default 0,
  next_try_at   timestamptz not null,
  error         text,
  created_at    timestamptz not null,
  finished_at   timestamptz
);
create index processor_intents_due on processor_intents (next_try_at) where state = 'queued';
create index processor_intents_contract on processor_intents (contract_id);

-- One-time addresses of a customer's account page.
create table portal_links (
  hash        bytea primary key,
  tenant_id   text not null references tenants,
  paywall_id  text not null references paywalls,
  customer_id text not null references customers,
  return_url  text not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz
);
create index portal_links_expiry on portal_links (expires_at);

create table payment_issues (
  id          text primary key,
  tenant_id   text not null references tenants,
  contract_id text not null references contracts,
  status      text not null check (status in ('OVERDUE', 'CARD_EXPIRED', 'CARD_WILL_EXPIRE')),
  due_minor   bigint,
  attempt     int not null default 1,
  opened_at   timestamptz not null,
  resolved_at timestamptz,
  resolution  text
);
create unique index payment_issues_open on payment_issues (contract_id, status) where resolved_at is null;

-- A projection: rebuilt from contracts, never the only place where a right is recorded.
create table entitlements (
  id            text primary key,
  tenant_id     text not null references tenants,
  mode          text not null check (mode in ('test', 'live')),
  customer_id   text not null references customers,
  product_id    text not null references products,
  source_kind   text not null,
  source_id     text not null,
  option_id     text references purchase_options,
  state         text not null check (state in ('scheduled', 'active', 'grace', 'suspended', 'expired', 'revoked')),
  valid_from_at timestamptz not null,
  valid_to_at   timestamptz,
  reason        text,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  unique (customer_id, source_kind, source_id, product_id)
);
create index entitlements_access on entitlements (customer_id, product_id, mode) where state in ('active', 'grace');

-- Events, webhooks, mail ---------------------------------------------------------------------

-- Facts in the past tense, written with the change they tell. Also the outbox: a row without
-- dispatched_at still has followers to run.
create table events (
  id            text primary key,
  tenant_id     text not null references tenants,
  mode          text check (mode in ('test', 'live')),
  type          text not null,
  object_id     text,
  paywall_id    text,
  customer_id   text,
  data          jsonb not null default '{}',
  occurred_at   timestamptz not null,
  created_at    timestamptz not null,
  dispatched_at timestamptz,
  attempts      int not null default 0,
  retry_at      timestamptz
);
create index events_undispatched on events (id) where dispatched_at is null;
create index events_tenant on events (tenant_id, id desc);

create table webhook_endpoints (
  id            text primary key,
  tenant_id     text not null references tenants,
  key           text not null,
  url           text not null,
  -- Wire event types; empty means all.
  types         text[] not null default '{}',
  mode          text not null default 'test' check (mode in ('test', 'live')),
  secret_sealed text,
  state         text not null default 'active' check (state in ('active', 'paused', 'auto_disabled', 'deleted')),
  fail_since_at timestamptz,
  created_at    timestamptz not null default now()
);
create unique index webhook_endpoints_key on webhook_endpoints (tenant_id, key) where state <> 'deleted';

-- One message to one endpoint; the same id and bytes on every attempt.
create table webhook_deliveries (
  id          text primary key,
  tenant_id   text not null references tenants,
  endpoint_id text not null references webhook_endpoints,
  event_id    text not null references events,
  message_id  text not null,
  type        text not null,
  body        text not null,
  state       text not null default 'queued' check (state in ('queued', 'delivered', 'retrying', 'dead')),
  attempt     int not null default 0,
  next_at     timestamptz,
  claimed_until timestamptz,
  created_at  timestamptz not null,
  finished_at timestamptz,
  unique (endpoint_id, message_id)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_at, id) where state in ('queued', 'retrying');
create index webhook_deliveries_log on webhook_deliveries (created_at);

create table webhook_attempts (
  id          text primary key,
  tenant_id   text not null references tenants,
  delivery_id text not null references webhook_deliveries,
  attempt     int not null,
  status      int,
  duration_ms int not null,
  response    text,
  error       text,
  at          timestamptz not null
);
create index webhook_attempts_delivery on webhook_attempts (delivery_id);

create table mails (
  id         text primary key,
  tenant_id  text references tenants,
  recipient  text not null,
  template   text not null,
  subject    text not null,
  text       text not null,
  html       text not null,
  -- What the dev inbox shows beside the mail: { code?, links: [] }.
  hints      jsonb not null default '{}',
  state      text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'kept')),
  attempts   int not null default 0,
  next_at    timestamptz,
  error      text,
  created_at timestamptz not null,
  sent_at    timestamptz
);
create index mails_due on mails (next_at) where state = 'queued';
create index mails_recipient on mails (recipient, created_at desc);

-- Support and analytics ----------------------------------------------------------------------

create table tickets (
  id          text primary key,
  num         bigint not null unique default nextval('ticket_num'),
  tenant_id   text not null references tenants,
  paywall_id  text not null references paywalls,
  customer_id text references customers,
  email       text not null,
  subject     text not null check (length(subject) between 3 and 200),
  state       text not null default 'open' check (state in ('open', 'pending', 'resolved', 'closed')),
  created_at  timestamptz not null
);
create index tickets_email on tickets (tenant_id, email, created_at desc);

create table ticket_messages (
  id         text primary key,
  tenant_id  text not null references tenants,
  ticket_id  text not null references tickets,
  author     jsonb not null,
  body       text not null,
  created_at timestamptz not null
);

create table ticket_attachments (
  id         text primary key,
  tenant_id  text not null references tenants,
  ticket_id  text not null references tickets,
  name       text not null,
  mime       text not null check (mime in ('image/jpeg', 'image/png', 'image/webp')),
  bytes      int not null,
  sha256     bytea not null,
  content    bytea not null,
  created_at timestamptz not null
);

-- Partitioned by month: this grows with every page view. Partitions are made ahead by a job.
create table analytics_events (
  id            text not null,
  tenant_id     text not null,
  paywall_id    text not null,
  type          text not null,
  occurred_at   timestamptz not null,
  received_at   timestamptz not null,
  visitor_id    text,
  user_id       text,
  experiment_id text,
  variant_key   text,
  sdk_version   text,
  capabilities  text,
  country       char(2),
  props         jsonb,
  primary key (received_at, id)
) partition by range (received_at);
create table analytics_events_default partition of analytics_events default;
create index analytics_events_paywall on analytics_events (paywall_id, received_at desc);

-- Platform -----------------------------------------------------------------------------------

-- Results of commands that may be repeated. `response_sealed` may hold tokens, hence sealed.
create table idempotency_keys (
  tenant_id       text not null references tenants,
  scope           text not null,
  key             text not null,
  fingerprint     bytea not null,
  state           text not null check (state in ('running', 'done')),
  response_sealed text,
  locked_until    timestamptz not null,
  expires_at      timestamptz not null,
  primary key (tenant_id, scope, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);

-- Counters of rate limits; losing them in a crash is fine.
create unlogged table rate_limits (
  key        text primary key,
  started_at timestamptz not null,
  count      int not null
);

-- Data keys, wrapped by TOLLGATE_SECRET.
create table encryption_keys (
  id         text primary key,
  wrapped    text not null,
  created_at timestamptz not null default now()
);

create table signing_keys (
  id             text primary key,
  purpose        text not null,
  alg            text not null,
  public_jwk     jsonb not null,
  private_sealed text not null,
  state          text not null default 'active' check (state in ('next', 'active', 'verifying', 'retired')),
  created_at     timestamptz not null default now()
);

-- The sandbox processor's own books. It plays an outside company, so nothing else reads these tables.

create table sandbox_sessions (
  id            text primary key,
  tenant_id     text not null references tenants,
  connection_id text not null references processor_connections,
  -- Our customer's reference: a repeated request finds the session it made.
  checkout_id   text not null,
  request       jsonb not null,
  state         text not null default 'open' check (state in ('open', 'challenge', 'pending', 'paid', 'expired', 'canceled')),
  card          jsonb,
  created_at    timestamptz not null,
  expires_at    timestamptz not null,
  settles_at    timestamptz,
  unique (connection_id, checkout_id)
);
create index sandbox_sessions_expiring on sandbox_sessions (expires_at) where state in ('open', 'challenge');

create table sandbox_subscriptions (
  id            text primary key,
  tenant_id     text not null references tenants,
  connection_id text not null references processor_connections,
  session_id    text not null unique references sandbox_sessions,
  version       bigint not null,
  snapshot      jsonb not null,
  card          jsonb not null,
  -- When something happens next (renewal, retry, end); null when nothing will.
  due_at        timestamptz,
  created_at    timestamptz not null
);
create index sandbox_sessions_settling on sandbox_sessions (settles_at) where state = 'pending';
create index sandbox_subscriptions_due on sandbox_subscriptions (due_at) where due_at is not null;

create table sandbox_payments (
  id              text primary key,
  tenant_id       text not null references tenants,
  connection_id   text not null references processor_connections,
  subscription_id text not null references sandbox_subscriptions,
  snapshot        jsonb not null,
  -- When its scripted dispute moves on; null when none will.
  due_at          timestamptz,
  created_at      timestamptz not null
);
create index sandbox_payments_subscription on sandbox_payments (subscription_id);
create index sandbox_payments_due on sandbox_payments (due_at) where due_at is not null;

-- What the sandbox still has to tell us: signed bytes, sent until answered.
create table sandbox_events (
  id            text primary key,
  tenant_id     text not null references tenants,
  connection_id text not null references processor_connections,
  seq           bigint generated always as identity,
  body          text not null,
  created_at    timestamptz not null,
  delivered_at  timestamptz
);
create index sandbox_events_undelivered on sandbox_events (seq) where delivered_at is null;
