-- Credits: what customers hold of a paywall's tokens, and every movement of it.
--
-- An entry is the only way by which credits move. Writing one changes its lot and its account in the same statement, by
-- trigger; nothing else can change them, and no entry can be changed or deleted. So the sums agree by construction, and
-- are compared once more before every commit.

create table credit_accounts (
  id          bigint generated always as identity primary key,
  tenant_id   text not null references tenants,
  customer_id text not null references customers,
  -- A paywall's id, or empty for credits that all of a tenant's paywalls share.
  scope       text not null,
  mode        text not null check (mode in ('test', 'live')),
  type        text not null check (length(type) between 1 and 40),
  balance     bigint not null default 0 check (balance >= 0),
  -- Of the balance, what open holds keep for calls under way.
  held        bigint not null default 0 check (held >= 0),
  -- Balances that fall to this are told; 0 tells none but the last.
  low_at      bigint not null default 0 check (low_at >= 0),
  -- The day of the tenant on which trial credits were last topped up.
  topped_up_on date,
  created_at  timestamptz not null,
  unique (customer_id, scope, mode, type),
  check (held <= balance)
) with (fillfactor = 80);

create table credit_lots (
  id          text primary key,
  tenant_id   text not null references tenants,
  account_id  bigint not null references credit_accounts,
  kind        text not null check (kind in ('trial', 'promo', 'plan', 'rollover', 'refund', 'purchased')),
  granted     bigint not null check (granted > 0),
  remaining   bigint not null default 0 check (remaining >= 0 and remaining <= granted),
  -- Among lots that expire together, the lower is spent first.
  priority    smallint not null,
  expires_at  timestamptz,
  -- How much of what is left at its end goes over into a lot of its own, and for how long; no interval is for ever.
  rollover_max bigint not null default 0 check (rollover_max >= 0),
  rollover_for interval,
  -- What it was given for; whatever happens twice is given once.
  origin_key  text,
  contract_id text references contracts,
  -- Where the part of the contract begins that it was given for; the bill that covers this instant paid for it.
  period_start_at timestamptz,
  -- Taken back, or asked back and already spent, because the bill was given back.
  reversed    bigint not null default 0 check (reversed >= 0),
  created_at  timestamptz not null,
  closed_at   timestamptz,
  unique (tenant_id, origin_key)
) with (fillfactor = 80);
create index credit_lots_account on credit_lots (account_id);
create index credit_lots_contract on credit_lots (contract_id) where contract_id is not null;
create index credit_lots_expiry on credit_lots (expires_at) where expires_at is not null and closed_at is null;

create table credit_entries (
  seq           bigint generated always as identity primary key,
  id            text not null unique,
  tenant_id     text not null references tenants,
  account_id    bigint not null references credit_accounts,
  lot_id        text not null references credit_lots,
  delta         bigint not null check (delta <> 0),
  balance_after bigint not null check (balance_after >= 0),
  reason        text not null check (reason in ('grant', 'top_up', 'debit', 'capture', 'expire', 'rollover', 'refund', 'reset',
                  'moved')),
  -- Who or what moved it: a key's id, a contract, the system.
  actor         text not null,
  -- The caller's key, the hold or the request that it belongs to.
  reference     text,
  -- On the tenant's clock.
  occurred_at   timestamptz not null
);
create index credit_entries_account on credit_entries (account_id, seq);

create table credit_holds (
  id          text primary key,
  tenant_id   text not null references tenants,
  account_id  bigint not null references credit_accounts,
  amount      bigint not null check (amount > 0),
  captured    bigint check (captured >= 0),
  state       text not null default 'open' check (state in ('open', 'captured', 'released', 'expired')),
  actor       text not null,
  reference   text,
  created_at  timestamptz not null,
  -- Real time: a test clock that jumps ahead ends no call that is under way.
  expires_at  timestamptz not null,
  closed_at   timestamptz,
  check ((state = 'captured') = (captured is not null))
) with (fillfactor = 80);
create index credit_holds_open on credit_holds (account_id) where state = 'open';
create index credit_holds_expiry on credit_holds (expires_at) where state = 'open';

-- Commands with a caller's key, so that a repeat answers what the first did.
create table credit_operations (
  tenant_id  text not null references tenants,
  key        text not null check (length(key) between 1 and 300),
  account_id bigint not null references credit_accounts,
  kind       text not null,
  amount     bigint not null,
  balance    bigint not null,
  available  bigint not null,
  hold_id    text,
  created_at timestamptz not null,
  primary key (tenant_id, key)
);
create index credit_operations_age on credit_operations (created_at);

-- What a contract's credits are due next: a yearly plan refills every month without any news.
create table credit_plans (
  contract_id   text primary key references contracts,
  tenant_id     text not null references tenants,
  next_grant_at timestamptz
);
create index credit_plans_due on credit_plans (next_grant_at) where next_grant_at is not null;

-- What an option gives: [{ type, count, expiresDays? }]. Absent: what its paywall says a month is worth.
alter table purchase_options add column credits jsonb;

-- Rules ---------------------------------------------------------------------------------------

create function credit_ulid(prefix text, at timestamptz) returns text language plpgsql volatile as $$
declare
  alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  ms bigint := floor(extract(epoch from at) * 1000);
  chance bytea := uuid_send(gen_random_uuid());
  made text := '';
begin
  for i in 1..10 loop
    made := substr(alphabet, (ms & 31)::int + 1, 1) || made;
    ms := ms >> 5;
  end loop;
  for i in 0..15 loop
    made := made || substr(alphabet, (get_byte(chance, i) & 31) + 1, 1);
  end loop;
  return prefix || '_' || made;
end $$;

create function credit_entry_moves() returns trigger language plpgsql as $$
begin
  update credit_lots set remaining = remaining + new.delta where id = new.lot_id and account_id = new.account_id;
  if not found then raise exception 'an entry names a lot of another account'; end if;
  update credit_accounts set balance = balance + new.delta where id = new.account_id returning balance into new.balance_after;
  return new;
end $$;
create trigger credit_entry_moves before insert on credit_entries for each row execute function credit_entry_moves();

create function credit_hold_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then raise exception 'a hold begins open'; end if;
    update credit_accounts set held = held + new.amount where id = new.account_id;
    return new;
  end if;
  if new.amount <> old.amount or new.account_id <> old.account_id then raise exception 'a hold stays what it is'; end if;
  if new.state = old.state then return new; end if;
  -- A call that outlived its hold is still charged when it ends.
  if old.state <> 'open' and not (old.state = 'expired' and new.state = 'captured') then
    raise exception 'a hold that is % does not become %', old.state, new.state;
  end if;
  if old.state = 'open' then update credit_accounts set held = held - old.amount where id = old.account_id; end if;
  return new;
end $$;
create trigger credit_hold_moves before insert or update on credit_holds for each row execute function credit_hold_moves();

create function credit_by_entries_only() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 then raise exception '% changes by entries and holds only', tg_table_name; end if;
  return new;
end $$;
create trigger credit_accounts_guard before update of balance, held on credit_accounts
  for each row execute function credit_by_entries_only();
create trigger credit_lots_guard before update of remaining on credit_lots
  for each row execute function credit_by_entries_only();
create trigger credit_accounts_begin before insert on credit_accounts for each row when (new.balance <> 0 or new.held <> 0)
  execute function credit_by_entries_only();
create trigger credit_lots_begin before insert on credit_lots for each row when (new.remaining <> 0)
  execute function credit_by_entries_only();

create function credit_never_changes() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the ledger are never changed or deleted';
end $$;
create trigger credit_entries_stay before update or delete on credit_entries
  for each row execute function credit_never_changes();
create trigger credit_entries_stay_all before truncate on credit_entries
  for each statement execute function credit_never_changes();

create function credit_sums_agree() returns trigger language plpgsql as $$
declare
  account credit_accounts;
  lots bigint;
  holds bigint;
begin
  select * into account from credit_accounts where id = new.id;
  select coalesce(sum(remaining), 0) into lots from credit_lots where account_id = new.id;
  select coalesce(sum(amount), 0) into holds from credit_holds where account_id = new.id and state = 'open';
  if account.balance <> lots or account.held <> holds then
    raise exception 'credit account %: balance % of lots %, held % of holds %', new.id, account.balance, lots, account.held, holds;
  end if;
  return null;
end $$;
create constraint trigger credit_sums_agree after update of balance, held on credit_accounts
  deferrable initially deferred for each row execute function credit_sums_agree();

-- Operations ----------------------------------------------------------------------------------
-- One call each, which locks the account first. Times are the tenant's, except where they are called real.

create function credit_account(p_tenant text, p_customer text, p_scope text, p_mode text, p_type text, p_at timestamptz)
returns bigint language plpgsql as $$
declare found_id bigint;
begin
  select id into found_id from credit_accounts
    where customer_id = p_customer and scope = p_scope and mode = p_mode and type = p_type;
  if found_id is null then
    insert into credit_accounts (tenant_id, customer_id, scope, mode, type, created_at)
      values (p_tenant, p_customer, p_scope, p_mode, p_type, p_at) on conflict do nothing returning id into found_id;
    if found_id is null then
      select id into found_id from credit_accounts
        where customer_id = p_customer and scope = p_scope and mode = p_mode and type = p_type;
    end if;
  end if;
  return found_id;
end $$;

-- Ends lots that are past their time, as far as no hold counts on them. The account is locked.
create function credit_sweep(p_account bigint, p_at timestamptz) returns bigint language plpgsql as $$
declare
  lot credit_lots;
  free bigint;
  gone bigint;
  carried bigint;
  swept bigint := 0;
  next_lot text;
begin
  loop
    select * into lot from credit_lots
      where account_id = p_account and expires_at <= p_at and closed_at is null order by expires_at, id limit 1;
    exit when not found;
    select balance - held into free from credit_accounts where id = p_account;
    gone := least(lot.remaining, free);
    -- The rest goes when the hold that needs it is closed.
    exit when gone = 0 and lot.remaining > 0;
    if gone > 0 then
      insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, occurred_at)
        values (credit_ulid('led', p_at), lot.tenant_id, p_account, lot.id, -gone, 0, 'expire', 'system', lot.expires_at);
      swept := swept + gone;
      carried := least(gone, lot.rollover_max);
      if carried > 0 then
        next_lot := credit_ulid('lot', p_at);
        insert into credit_lots (id, tenant_id, account_id, kind, granted, priority, expires_at, contract_id, period_start_at,
            created_at)
          values (next_lot, lot.tenant_id, p_account, 'rollover', carried, 3, lot.expires_at + lot.rollover_for, lot.contract_id,
            lot.period_start_at, lot.expires_at);
        insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, reference, occurred_at)
          values (credit_ulid('led', p_at), lot.tenant_id, p_account, next_lot, carried, 0, 'rollover', 'system', lot.id,
            lot.expires_at);
        update credit_lots set rollover_max = rollover_max - carried where id = lot.id;
      end if;
    end if;
    exit when gone < lot.remaining;
    update credit_lots set closed_at = p_at where id = lot.id;
  end loop;
  return swept;
end $$;

-- Tells of a balance that fell to its threshold or to nothing, as the outbox tells everything.
create function credit_tell(p_account bigint, p_before bigint, p_after bigint, p_at timestamptz, p_real timestamptz)
returns boolean language plpgsql as $$
declare
  account credit_accounts;
  what text;
begin
  if p_after >= p_before then return false; end if;
  select * into account from credit_accounts where id = p_account;
  what := case when p_after = 0 then 'balance.depleted'
    when p_before > account.low_at and p_after <= account.low_at then 'balance.low' end;
  if what is null then return false; end if;
  insert into events (id, tenant_id, mode, type, object_id, paywall_id, customer_id, data, occurred_at, created_at)
    values (credit_ulid('evt', p_real), account.tenant_id, account.mode, what, null, nullif(account.scope, ''),
      account.customer_id, jsonb_build_object('type', account.type, 'balance', p_after), p_at, p_real);
  return true;
end $$;

-- Takes credits from the lots in the order of spending. The account is locked and has enough.
create function credit_spend(p_account bigint, p_amount bigint, p_reason text, p_actor text, p_reference text, p_at timestamptz,
  p_also_expired boolean) returns void language plpgsql as $$
declare
  lot record;
  wanted bigint := p_amount;
  part bigint;
begin
  for lot in
    select id, tenant_id, remaining from credit_lots
    where account_id = p_account and remaining > 0 and (p_also_expired or expires_at is null or expires_at > p_at)
    order by expires_at nulls last, priority, created_at, id
  loop
    exit when wanted = 0;
    part := least(wanted, lot.remaining);
    insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, reference, occurred_at)
      values (credit_ulid('led', p_at), lot.tenant_id, p_account, lot.id, -part, 0, p_reason, p_actor, p_reference, p_at);
    wanted := wanted - part;
  end loop;
  if wanted > 0 then raise exception 'credit account % lacks %', p_account, wanted; end if;
end $$;

create type credit_result as (
  outcome   text,
  balance   bigint,
  available bigint,
  hold_id   text,
  told      boolean
);

-- What an earlier call with this key did: null when there was none. The account is locked.
create function credit_replay(p_tenant text, p_key text, p_account bigint, p_kind text, p_amount bigint)
returns credit_result language plpgsql as $$
declare earlier credit_operations;
begin
  if p_key is null then return null; end if;
  select * into earlier from credit_operations where tenant_id = p_tenant and key = p_key;
  if not found then return null; end if;
  if earlier.account_id <> p_account or earlier.kind <> p_kind or earlier.amount <> p_amount then
    return ('key_reused', 0, 0, null, false)::credit_result;
  end if;
  return ('replayed', earlier.balance, earlier.available, earlier.hold_id, false)::credit_result;
end $$;

-- All or nothing: `done`, or `insufficient` with what is available.
create function credit_debit(p_account bigint, p_amount bigint, p_key text, p_reason text, p_actor text, p_reference text,
  p_at timestamptz, p_real timestamptz) returns credit_result language plpgsql as $$
declare
  account credit_accounts;
  result credit_result;
begin
  select * into account from credit_accounts where id = p_account for no key update;
  result := credit_replay(account.tenant_id, p_key, p_account, 'debit', p_amount);
  if result.outcome is not null then return result; end if;
  perform credit_sweep(p_account, p_at);
  select * into account from credit_accounts where id = p_account;
  if account.balance - account.held < p_amount then
    return ('insufficient', account.balance, account.balance - account.held, null, false)::credit_result;
  end if;
  perform credit_spend(p_account, p_amount, p_reason, p_actor, coalesce(p_key, p_reference), p_at, false);
  result := ('done', account.balance - p_amount, account.balance - p_amount - account.held, null,
    credit_tell(p_account, account.balance, account.balance - p_amount, p_at, p_real))::credit_result;
  if p_key is not null then
    insert into credit_operations (tenant_id, key, account_id, kind, amount, balance, available, created_at)
      values (account.tenant_id, p_key, p_account, 'debit', p_amount, result.balance, result.available, p_real);
  end if;
  return result;
end $$;

-- Gives a new lot: `done`, or `exists` when its origin or key was given before.
create function credit_grant(p_account bigint, p_lot text, p_kind text, p_amount bigint, p_priority int, p_expires timestamptz,
  p_rollover_max bigint, p_rollover_for interval, p_origin text, p_contract text, p_period timestamptz, p_key text, p_actor text,
  p_at timestamptz, p_real timestamptz) returns credit_result language plpgsql as $$
declare
  account credit_accounts;
  result credit_result;
begin
  select * into account from credit_accounts where id = p_account for no key update;
  result := credit_replay(account.tenant_id, p_key, p_account, 'grant', p_amount);
  if result.outcome is not null then return result; end if;
  perform credit_sweep(p_account, p_at);
  insert into credit_lots (id, tenant_id, account_id, kind, granted, priority, expires_at, rollover_max, rollover_for, origin_key,
      contract_id, period_start_at, created_at)
    values (p_lot, account.tenant_id, p_account, p_kind, p_amount, p_priority, p_expires, p_rollover_max, p_rollover_for, p_origin,
      p_contract, p_period, p_at)
    on conflict (tenant_id, origin_key) do nothing;
  if not found then
    select * into account from credit_accounts where id = p_account;
    return ('exists', account.balance, account.balance - account.held, null, false)::credit_result;
  end if;
  insert into credit_entries (id, tenant_id, account_id, lot_id, delta, balance_after, reason, actor, reference, occurred_at)
    values (credit_ulid('led', p_at), account.tenant_id, p_account, p_lot, p_amount, 0, 'grant', p_actor,
      coalesce(p_key, p_origin), p_at);
  select * into account from credit_accounts where id = p_account;
  result := ('done', account.balance, account.balance - account.held, null, false)::credit_result;
  if p_key is not null then
    insert into credit_operations (tenant_id, key, account_id, kind, amount, balance, available, created_at)
      values (account.tenant_id, p_key, p_account, 'grant', p_amount, result.balance, result.available, p_real);
  end if;
  return result;
end $$;

-- Keeps credits for a call: `done` with the hold's id, or `insufficient`.
create function credit_hold(p_account bigint, p_hold text, p_amount bigint, p_key text, p_actor text, p_reference text,
  p_at timestamptz, p_real timestamptz, p_until timestamptz) returns credit_result language plpgsql as $$
declare
  account credit_accounts;
  result credit_result;
begin
  select * into account from credit_accounts where id = p_account for no key update;
  result := credit_replay(account.tenant_id, p_key, p_account, 'hold', p_amount);
  if result.outcome is not null then return result; end if;
  perform credit_sweep(p_account, p_at);
  select * into account from credit_accounts where id = p_account;
  if account.balance - account.held < p_amount then
    return ('insufficient', account.balance, account.balance - account.held, null, false)::credit_result;
  end if;
  insert into credit_holds (id, tenant_id, account_id, amount, actor, reference, created_at, expires_at)
    values (p_hold, account.tenant_id, p_account, p_amount, p_actor, p_reference, p_real, p_until);
  result := ('done', account.balance, account.balance - account.held - p_amount, p_hold, false)::credit_result;
  if p_key is not null then
    insert into credit_operations (tenant_id, key, account_id, kind, amount, balance, available, hold_id, created_at)
      values (account.tenant_id, p_key, p_account, 'hold', p_amount, result.balance, result.available, p_hold, p_real);
  end if;
  return result;
end $$;

-- Charges a call that took place: as much of the amount as there is, and never what other holds keep. `replayed` when it was
-- charged or released before; `balance` is then as it is now.
create function credit_capture(p_hold text, p_amount bigint, p_at timestamptz, p_real timestamptz,
  out outcome text, out captured bigint, out balance bigint, out available bigint, out told boolean) language plpgsql as $$
declare
  hold credit_holds;
  account credit_accounts;
begin
  told := false;
  select h.account_id into hold.account_id from credit_holds h where h.id = p_hold;
  if not found then outcome := 'unknown'; return; end if;
  -- The account first, as everywhere, so that two operations never wait for each other.
  select * into account from credit_accounts a where a.id = hold.account_id for no key update;
  select * into hold from credit_holds h where h.id = p_hold for update;
  if hold.state in ('captured', 'released') then
    outcome := case when hold.state = 'captured' then 'replayed' else 'released' end;
    captured := coalesce(hold.captured, 0);
    balance := account.balance; available := account.balance - account.held;
    return;
  end if;
  available := account.balance - account.held + case when hold.state = 'open' then hold.amount else 0 end;
  captured := least(p_amount, available);
  update credit_holds h set state = 'captured', captured = credit_capture.captured, closed_at = p_real where h.id = p_hold;
  if captured > 0 then
    perform credit_spend(hold.account_id, captured, 'capture', hold.actor, p_hold, p_at, true);
  end if;
  told := credit_tell(hold.account_id, account.balance, account.balance - captured, p_at, p_real);
  perform credit_sweep(hold.account_id, p_at);
  select * into account from credit_accounts a where a.id = hold.account_id;
  outcome := 'done'; balance := account.balance; available := account.balance - account.held;
end $$;

-- Gives back what a hold kept; p_state says whether a call failed or its time ran out. False when it was closed before.
create function credit_release(p_hold text, p_state text, p_at timestamptz, p_real timestamptz) returns boolean
language plpgsql as $$
declare
  hold_account bigint;
  changed boolean;
begin
  select account_id into hold_account from credit_holds where id = p_hold;
  if not found then return false; end if;
  perform from credit_accounts where id = hold_account for no key update;
  update credit_holds set state = p_state, closed_at = p_real where id = p_hold and state = 'open';
  changed := found;
  if changed then perform credit_sweep(hold_account, p_at); end if;
  return changed;
end $$;
