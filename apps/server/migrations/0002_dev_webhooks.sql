-- What the demonstration's own webhook endpoint received; bounded by the code that writes it.
create table dev_webhooks (
  id          bigint primary key generated always as identity,
  headers     jsonb not null,
  body        text not null,
  received_at timestamptz not null
);
