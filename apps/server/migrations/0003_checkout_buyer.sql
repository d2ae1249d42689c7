-- Who started a checkout. What a guest pays for must not fall to somebody who registered the address without proof.
alter table checkouts add column buyer text not null default 'guest' check (buyer in ('customer', 'merchant', 'guest'));
