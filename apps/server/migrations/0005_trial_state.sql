-- How much of a paywall's free period somebody has used, kept once for the customer and once for the device. The
-- larger use counts, so neither signing out nor clearing a browser brings the free period back.
create table trial_states (
  tenant_id    text not null references tenants,
  paywall_id   text not null references paywalls,
  subject_kind text not null check (subject_kind in ('customer', 'visitor')),
  -- A customer's id, or what a device calls itself.
  subject      text not null,
  -- Opens of the paywall that were held back, for trials of mode 'opens'.
  used         int not null default 0 check (used >= 0),
  -- When the first one was, for trials of mode 'time'.
  started_at   timestamptz,
  -- The newest ids under which a held-back open was recorded: a repeat is not counted twice.
  block_ids    text[] not null default '{}',
  updated_at   timestamptz not null,
  primary key (paywall_id, subject_kind, subject)
);
