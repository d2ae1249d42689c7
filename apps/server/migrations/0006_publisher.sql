-- The publisher platform begins: who may call for a vendor, what readers keep with us, and short links.

-- A registered caller of a vendor: its pages (browser) or its back end (machine).
create table oauth_clients (
  id          text primary key,
  tenant_id   text not null references tenants,
  -- What callers send: `client_id`, or the first half of an anonymous Basic user name.
  client_id   text not null unique check (client_id ~ '^[A-Za-z0-9._-]{1,80}$'),
  name        text not null check (length(name) between 1 and 120),
  kind        text not null check (kind in ('browser', 'machine')),
  secret_hash bytea,
  -- Where a login or a logout may lead back to.
  origins     text[] not null default '{}',
  scopes      text[] not null default '{}',
  state       text not null default 'active' check (state in ('active', 'disabled')),
  created_at  timestamptz not null,
  check (kind = 'browser' or secret_hash is not null)
);
create index oauth_clients_tenant on oauth_clients (tenant_id);

-- A reader is a customer, or a browser that nobody signed in on: `customer:<id>` or `anonymous:<id>`.

create table tallies (
  tenant_id  text not null references tenants,
  reader     text not null,
  id         text not null check (length(id) between 1 and 200),
  -- An array of strings and numbers. The reader's own pages write it, so it never decides about access.
  value      jsonb not null default '[]' check (jsonb_typeof(value) = 'array'),
  policies   jsonb not null default '{}',
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, reader, id)
);
create index tallies_expiry on tallies (expires_at) where expires_at is not null;

create table reader_tags (
  tenant_id  text not null references tenants,
  reader     text not null,
  tag        text not null check (length(tag) between 1 and 100),
  source     text not null default 'reader' check (source in ('reader', 'staff', 'rule')),
  created_at timestamptz not null,
  primary key (tenant_id, reader, tag)
);

create table reader_metadata (
  tenant_id  text not null references tenants,
  reader     text not null,
  key        text not null check (key ~ '^[A-Za-z0-9._-]{1,64}$'),
  value      jsonb not null,
  updated_at timestamptz not null,
  primary key (tenant_id, reader, key)
);

-- Addresses may carry tokens, hence a code that cannot be guessed, kept as a hash, and a sealed target.
create table short_links (
  hash          bytea primary key,
  tenant_id     text references tenants,
  target_sealed text not null,
  created_at    timestamptz not null,
  expires_at    timestamptz not null
);
create index short_links_expiry on short_links (expires_at);
