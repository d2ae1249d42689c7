-- A key that was replaced is published until everything that it signed is over.
alter table signing_keys add column verify_until_at timestamptz;
