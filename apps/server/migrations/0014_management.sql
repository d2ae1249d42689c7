-- What the Management API keeps and walks through.

alter table tenants
  add column website text,
  add column country char(2);

-- Lists of everything that a tenant has go by id, which sorts by time.
create index products_by_id on products (tenant_id, id desc);
create index purchase_options_by_id on purchase_options (tenant_id, id desc);
create index customers_by_id on customers (tenant_id, id desc) where not anonymous and merged_into_id is null;
create index contracts_by_id on contracts (tenant_id, mode, id desc);
create index bills_by_id on bills (tenant_id, mode, id desc);
create index transactions_by_id on transactions (tenant_id, mode, id desc);
create index checkouts_by_id on checkouts (tenant_id, mode, id desc);
create index entitlements_by_id on entitlements (tenant_id, mode, id desc);
create index reader_tags_by_tag on reader_tags (tenant_id, tag);

-- What an endpoint's messages look like: the paywall API's, or those that publishers' systems read.
alter table webhook_endpoints add column format text not null default 'paywall' check (format in ('paywall', 'publisher'));

-- What the apply file made, it also takes away; what a back end made, it leaves alone.
alter table products add column from_file boolean not null default true;
alter table purchase_options add column from_file boolean not null default true;
alter table paywalls add column from_file boolean not null default true;
alter table meters add column from_file boolean not null default true;
alter table webhook_endpoints add column from_file boolean not null default true;
