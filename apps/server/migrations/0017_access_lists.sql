-- Access lists grow up: files are compared before they count, readers claim with codes, publishers' systems are asked.

-- Where a grant came from when no apply file names it: a claim or an answer, each of which makes one grant only.
alter table access_grants
  add column origin_key text,
  -- Gone for the API; kept so that a right that once was can still be explained.
  add column deleted_at timestamptz,
  add constraint access_grants_origin unique (list_id, origin_key);

-- HOOK lists: whom to ask, and about which product. { url, productId, optionId, cacheSeconds }
alter table access_lists
  add column hook jsonb,
  add column hook_secret_sealed text;

-- A file between its preview and its use.
create table access_list_uploads (
  id         text primary key,
  tenant_id  text not null references tenants,
  list_id    text not null references access_lists,
  state      text not null default 'previewed' check (state in ('previewed', 'applied')),
  -- The rows as they were understood; forgotten with the preview, and once they count.
  rows       jsonb,
  -- Of everything that using the file would change. Equal hashes: the preview still tells the truth.
  diff_hash  bytea not null,
  summary    jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  applied_at timestamptz
);
create index access_list_uploads_list on access_list_uploads (list_id);
create index access_list_uploads_expiry on access_list_uploads (expires_at) where rows is not null;

-- Codes of CLAIMED lists; 80 bits of chance, kept as a hash.
create table access_codes (
  id         text primary key,
  tenant_id  text not null references tenants,
  list_id    text not null references access_lists,
  hash       bytea not null unique,
  last4      text not null,
  product_id text not null references products,
  option_id  text references purchase_options,
  -- How long a claim lasts; null is forever.
  days       int check (days between 1 and 3660),
  ends_at    timestamptz,
  max_claims int not null default 1 check (max_claims between 1 and 100000),
  claims     int not null default 0 check (claims between 0 and max_claims),
  expires_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null
);
create index access_codes_list on access_codes (list_id);

-- What a publisher's system last said about a customer, and for how long it need not be asked again.
create table access_answers (
  tenant_id   text not null references tenants,
  list_id     text not null references access_lists,
  customer_id text not null references customers,
  -- Null when it could not be understood or reached.
  access      boolean,
  asked_at    timestamptz not null,
  fresh_until timestamptz not null,
  primary key (list_id, customer_id)
);
create index access_answers_customer on access_answers (customer_id);
