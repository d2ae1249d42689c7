-- What is known of a publisher's pages, links that are counted, and what happens on the pages.

-- The content index: an article that nobody wrote into the catalogue by hand. Null for what somebody did.
alter table products
  add column index_source text check (index_source in ('push', 'sitemap', 'feed', 'checkout')),
  add column indexed_at timestamptz;

-- Where articles are found: looked at every so often, with a request that costs nothing when there is no news.
create table content_sources (
  id            text primary key,
  tenant_id     text not null references tenants,
  key           text not null,
  kind          text not null check (kind in ('sitemap', 'feed')),
  url           text not null,
  section       text,
  every_minutes int not null check (every_minutes between 15 and 10080),
  state         text not null default 'active' check (state in ('active', 'disabled')),
  -- Real time, like everything that is about other people's servers.
  due_at        timestamptz not null,
  checked_at    timestamptz,
  -- What the last look found; `error` is a sentence for the publisher, null after a good one.
  pages         int not null default 0,
  error         text,
  failures      int not null default 0,
  -- Per file: { url: { etag?, lastModified? } }, sent back with the next look.
  validators    jsonb not null default '{}',
  created_at    timestamptz not null,
  unique (tenant_id, key)
);
create index content_sources_due on content_sources (due_at) where state = 'active';

-- Signed links that may be used so many times, known by the id in their token.
create table counted_links (
  id         text primary key,
  tenant_id  text not null references tenants,
  max_uses   int not null check (max_uses between 1 and 1000000),
  uses       int not null default 0 check (uses between 0 and max_uses),
  expires_at timestamptz not null,
  created_at timestamptz not null
);
create index counted_links_expiry on counted_links (expires_at);

-- How generous a vendor lets its readers be: { perMonth, opens, days }, as far as it differs from what is usual.
alter table tenants add column gift_policy jsonb not null default '{}';

-- One article, given to others by a reader who may read it.
create table gift_links (
  id          text primary key,
  tenant_id   text not null references tenants,
  customer_id text not null references customers,
  -- Of the code in the address; the giver may see it again.
  code_hash   bytea not null unique,
  code_sealed text not null,
  url         text not null,
  publisher_content_id text,
  max_opens   int not null check (max_opens between 1 and 1000),
  opens       int not null default 0 check (opens between 0 and max_opens),
  -- The giver's month, in the tenant's time zone.
  month_at    timestamptz not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz
);
create index gift_links_customer on gift_links (customer_id, created_at desc);
create index gift_links_expiry on gift_links (expires_at);

-- Who has opened a gift; a browser opens it once and then as often as it likes.
create table gift_link_opens (
  gift_id      text not null references gift_links on delete cascade,
  browser_hash bytea not null,
  opened_at    timestamptz not null,
  country      char(2),
  primary key (gift_id, browser_hash)
);

-- What publishers' pages saw. No address is kept, only the country that it was in.
create table publisher_events (
  id           text primary key,
  tenant_id    text not null references tenants,
  client_id    text not null,
  -- Of what makes an event this one, so that it is stored once however often it is sent.
  dedupe_hash  bytea not null,
  type         text not null check (type in ('page', 'track', 'identify')),
  event        text,
  anonymous_id text,
  user_id      text,
  session_id   text,
  request_id   text,
  occurred_at  timestamptz not null,
  received_at  timestamptz not null,
  country      char(2),
  version      text,
  url          text,
  publisher_content_id text,
  properties   jsonb,
  context      jsonb,
  unique (tenant_id, dedupe_hash)
);
create index publisher_events_tenant on publisher_events (tenant_id, received_at desc, id desc);
-- For people who ask to be forgotten.
create index publisher_events_user on publisher_events (tenant_id, user_id) where user_id is not null;
create index publisher_events_age on publisher_events (received_at);
