-- Publishers' checkouts: what a page asks to be bought, the codes that make it cheaper, and gifts.

-- A discount that is typed in.
create table discount_codes (
  id              text primary key,
  tenant_id       text not null references tenants,
  code            text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$'),
  name            text not null check (length(name) between 1 and 200),
  description     text,
  -- One of the two.
  percent_bp      int check (percent_bp between 1 and 10000),
  amount_minor    bigint check (amount_minor > 0),
  -- Of the amount; a percentage serves every currency.
  currency        char(3),
  -- How many paid periods it makes cheaper: one, `cycles`, or all of them.
  duration        text not null default 'once' check (duration in ('once', 'repeating', 'forever')),
  cycles          int check (cycles between 1 and 1000),
  valid_from_at   timestamptz,
  valid_to_at     timestamptz,
  max_redemptions int check (max_redemptions >= 1),
  max_per_customer int check (max_per_customer >= 1),
  -- Empty means everything that is sold. Options are named by key, which their successors share.
  product_ids     text[] not null default '{}',
  option_keys     text[] not null default '{}',
  status          text not null default 'ACTIVE' check (status in ('ACTIVE', 'DISABLED')),
  -- What the apply file made, it also takes away.
  from_file       boolean not null default false,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  check ((percent_bp is null) <> (amount_minor is null)),
  check ((amount_minor is null) = (currency is null)),
  check ((duration = 'repeating') = (cycles is not null)),
  check (valid_from_at < valid_to_at)
);
-- However it is spelled, a code is one code.
create unique index discount_codes_code on discount_codes (tenant_id, lower(code));

-- What a code did: reserved by a checkout that is being paid, then taken by the contract. The terms are copied, because
-- a code may be changed afterwards and an agreement may not.
create table discount_redemptions (
  id           bigint generated always as identity primary key,
  tenant_id    text not null references tenants,
  code_id      text not null references discount_codes,
  customer_id  text not null references customers,
  checkout_id  text references checkouts,
  contract_id  text references contracts,
  percent_bp   int,
  amount_minor bigint,
  currency     char(3) not null,
  -- Of one period.
  saved_minor  bigint not null check (saved_minor >= 0),
  -- Null is every period.
  periods      int check (periods >= 1),
  created_at   timestamptz not null,
  redeemed_at  timestamptz,
  unique (checkout_id),
  unique (code_id, contract_id),
  check (checkout_id is not null or contract_id is not null),
  check ((redeemed_at is null) = (contract_id is null))
);
create index discount_redemptions_code on discount_redemptions (code_id, customer_id);
create index discount_redemptions_contract on discount_redemptions (contract_id) where contract_id is not null;

-- What a publisher's page asks to be bought (publisher API §6.1), before there is a buyer or a processor. Whoever knows the
-- id may pay it, so ids cannot be guessed.
create table checkout_sessions (
  id           text primary key,
  tenant_id    text not null references tenants,
  paywall_id   text not null references paywalls,
  -- Who made it: their word about a price counts only when it is the merchant's.
  maker        text not null check (maker in ('reader', 'anonymous', 'machine', 'link')),
  customer_id  text references customers,
  -- [{ sku, url, optionId, productId, what was asked for it, where it may be sold }], in order.
  items        jsonb not null check (jsonb_typeof(items) = 'array'),
  redirect_url text not null,
  -- E-mail, names, addresses and all else that the buyer or the page fills in.
  details      jsonb not null default '{}',
  codes        text[] not null default '{}',
  attribution  jsonb not null default '{}',
  metadata     jsonb not null default '{}',
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  expires_at   timestamptz not null
);
create index checkout_sessions_tenant on checkout_sessions (tenant_id, created_at desc);
create index checkout_sessions_expiry on checkout_sessions (expires_at);

-- Something that was paid for somebody else. Its contract gives the payer no right; the recipient's is a grant.
create table gifts (
  id              text primary key,
  tenant_id       text not null references tenants,
  checkout_id     text not null unique references checkouts,
  contract_id     text not null unique references contracts,
  payer_id        text not null references customers,
  product_id      text not null references products,
  option_id       text not null references purchase_options,
  -- The link's secret: found by its hash, shown again to the payer.
  code_hash       bytea not null unique,
  code_sealed     text not null,
  recipient_email text check (recipient_email = lower(recipient_email)),
  grant_id        text references access_grants,
  created_at      timestamptz not null,
  claimed_at      timestamptz
);
create index gifts_payer on gifts (payer_id);

alter table checkouts
  add column session_id text references checkout_sessions on delete set null,
  -- Who pays, when it is not the customer.
  add column payer_id text references customers,
  add column is_gift boolean not null default false,
  add column recipient_email text,
  -- Products beyond the first: [{ productId, optionId, priceMinor }].
  add column more_items jsonb not null default '[]',
  add column attribution jsonb not null default '{}',
  add column metadata jsonb not null default '{}';
create index checkouts_session on checkouts (session_id) where session_id is not null;

alter table contracts
  -- Null is the customer.
  add column payer_id text references customers,
  add column is_gift boolean not null default false,
  add column more_items jsonb not null default '[]',
  add column attribution jsonb not null default '{}';
