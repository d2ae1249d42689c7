-- What a publisher sells access to, who has it from elsewhere, and the keys that vouch for it.

alter table products
  add column cover text,
  add column language text,
  -- The page it is, as written, and as pages are compared (catalogue/page-address.ts).
  add column url text,
  add column url_key text,
  -- Pages that it covers, `*` standing for anything; and the same as patterns over `url_key`.
  add column url_patterns text[] not null default '{}',
  add column url_likes text[] not null default '{}',
  -- What pages name a pass by.
  add column pass_url text,
  add column pass_url_key text,
  add column publisher_content_id text check (length(publisher_content_id) between 1 and 200),
  add column section text,
  add column tags text[] not null default '{}',
  add column published_at timestamptz;
create index products_url on products (tenant_id, url_key) where url_key is not null;
create index products_pass_url on products (tenant_id, pass_url_key) where pass_url_key is not null;
create index products_content on products (tenant_id, publisher_content_id) where publisher_content_id is not null;
create index products_patterns on products (tenant_id) where url_likes <> '{}';

-- Bundles and passes: whoever has the parent has the member.
create table product_members (
  tenant_id text not null references tenants,
  parent_id text not null references products,
  member_id text not null references products,
  primary key (parent_id, member_id),
  check (parent_id <> member_id)
);
create index product_members_member on product_members (member_id);

alter table paywalls add column meter_id text references meters;

-- Rights that come from elsewhere: an old system's subscribers, a school, the newsroom itself.
create table access_lists (
  id                 text primary key,
  tenant_id          text not null references tenants,
  -- Its name in the apply file; null for lists that were made otherwise.
  key                text,
  name               text not null check (length(name) between 1 and 200),
  description        text,
  type               text not null
                     check (type in ('CSV_FILE_OLD', 'CSV_FILE', 'CSV_TRANSACTIONS', 'CLAIMED', 'MANUAL', 'HOOK', 'BASIC_API')),
  status             text not null check (status in ('DRAFT', 'ACTIVE', 'CANCELED')),
  mode               text not null check (mode in ('test', 'live')),
  exclude_from_stats boolean not null default false,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  unique (tenant_id, key)
);

create table access_grants (
  id                    text primary key,
  tenant_id             text not null references tenants,
  list_id               text not null references access_lists,
  key                   text,
  email                 text not null check (email = lower(email)),
  -- Whoever proved that the address is theirs; null while nobody has.
  customer_id           text references customers,
  product_id            text not null references products,
  option_id             text references purchase_options,
  status                text not null check (status in ('ACTIVE', 'INACTIVE', 'CANCELED')),
  starts_at             timestamptz,
  ends_at               timestamptz,
  publisher_user_id     text,
  publisher_purchase_id text,
  -- Names, phone and addresses as the publisher's system has them.
  person                jsonb not null default '{}',
  notes                 text,
  extra                 jsonb not null default '{}',
  exclude_from_stats    boolean not null default false,
  created_at            timestamptz not null,
  updated_at            timestamptz not null,
  unique (tenant_id, key),
  unique (list_id, publisher_purchase_id)
);
create index access_grants_list on access_grants (list_id);
create index access_grants_waiting on access_grants (tenant_id, email) where customer_id is null;
create index access_grants_customer on access_grants (customer_id) where customer_id is not null;

-- A source is projected again by its id.
create index entitlements_source on entitlements (source_id);

-- A tenant's own keys, beside those of the installation.
alter table signing_keys add column if not exists tenant_id text references tenants;
create unique index signing_keys_tenant_active on signing_keys (tenant_id, purpose)
  where tenant_id is not null and state = 'active';
