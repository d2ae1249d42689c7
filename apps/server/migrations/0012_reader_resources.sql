-- What readers see and change of themselves: profiles, changes of running contracts, goods that are delivered.

alter table customers
  add column first_name text,
  add column last_name text,
  add column nickname text,
  add column company text,
  add column mobile_phone text,
  add column work_phone text,
  add column home_phone text,
  -- { country?, zip?, city?, street?, co?, firstName?, lastName? }
  add column billing_address jsonb,
  add column delivery_address jsonb,
  -- When its person asked to be forgotten. The row stays for the sake of bills; nothing in it says who it was.
  add column erased_at timestamptz;

-- A proposed change of a contract: previewed, then confirmed once.
create table amendments (
  id             text primary key,
  tenant_id      text not null references tenants,
  contract_id    text not null references contracts,
  type           text not null check (type in ('DISCOUNT')),
  state          text not null check (state in ('pending', 'applied', 'rejected', 'expired')),
  -- As it was typed; the code behind it, when there is one that applies.
  code           text not null,
  discount_code_id text,
  code_name      text,
  -- What it takes off one period's full price, and for how many more bills; null is for good.
  discount_minor bigint check (discount_minor >= 0),
  cycles         int check (cycles >= 1),
  -- Why it cannot be applied.
  reason         text,
  -- The next bill as it was shown: { totalMinor, currency, date? }
  next_bill      jsonb,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  applied_at     timestamptz
);
create index amendments_contract on amendments (contract_id, created_at);

alter table processor_intents drop constraint processor_intents_kind_check;
alter table processor_intents add constraint processor_intents_kind_check
  check (kind in ('cancel_now', 'cancel_at_period_end', 'uncancel', 'end_trial', 'refund', 'discount'));

-- How a product is delivered; null is not at all. { provider, each: 'bill' | 'request', copies, deliversAfterDays? }
alter table products add column fulfillment jsonb;

create sequence fulfillment_num start 1001;

create table fulfillments (
  id           text primary key,
  num          bigint not null unique default nextval('fulfillment_num'),
  tenant_id    text not null references tenants,
  mode         text not null check (mode in ('test', 'live')),
  customer_id  text not null references customers,
  product_id   text not null references products,
  -- What it is a delivery for; null for one that a reader asked for under a right from elsewhere.
  contract_id  text references contracts,
  bill_id      text references bills,
  item_id      text not null check (length(item_id) between 1 and 200),
  state        text not null check (state in ('pending', 'scheduled', 'requested', 'shipped', 'delivered', 'failed', 'canceled')),
  provider     text not null,
  copies       int not null check (copies >= 1),
  -- Where to, as it was when the delivery was asked for.
  address      jsonb,
  delivers_at  timestamptz,
  tracking     text,
  requested_at timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  unique (bill_id, product_id),
  unique (customer_id, product_id, item_id)
);
create index fulfillments_customer on fulfillments (customer_id, created_at desc);
create index fulfillments_product on fulfillments (product_id, created_at desc);
