-- The login service: what a browser, a code and a refresh token are bound to. Secrets are kept as hashes.

-- When a key entered its state, so that rotation can tell how long others have had time to see it.
alter table signing_keys add column changed_at timestamptz not null default now();
-- One key signs for readers' clients at a time, and at most one is announced before it does.
create unique index signing_keys_oidc on signing_keys (state) where purpose = 'oidc' and state in ('active', 'next');

-- An authorization request that waits for somebody to sign in, in the browser that began it.
create table login_requests (
  hash         bytea primary key,
  tenant_id    text not null references tenants,
  client_id    text not null references oauth_clients,
  -- Of the cookie of that browser: the address of a login page alone is worth nothing elsewhere.
  browser_hash bytea not null,
  request      jsonb not null,
  expires_at   timestamptz not null
);
create index login_requests_expiry on login_requests (expires_at);

-- A browser that is signed in at the login service; it ends with the session.
create table login_browsers (
  hash       bytea primary key,
  tenant_id  text not null references tenants,
  session_id text not null references sessions,
  created_at timestamptz not null
);
create index login_browsers_session on login_browsers (session_id);

-- One answer to one authorization request. The code is good once; its tokens live and die together.
create table login_grants (
  id             text primary key,
  tenant_id      text not null references tenants,
  client_id      text not null references oauth_clients,
  session_id     text not null references sessions,
  code_hash      bytea not null unique,
  -- Exactly as it was sent.
  redirect_uri   text not null,
  code_challenge text,
  nonce          text,
  scopes         text[] not null,
  audience       text,
  organization   text,
  created_at     timestamptz not null,
  code_used_at   timestamptz,
  revoked_at     timestamptz,
  revoke_reason  text
);
create index login_grants_session on login_grants (session_id) where revoked_at is null;
create index login_grants_age on login_grants (created_at);

-- As in refresh_tokens: using one token uses up its whole generation.
create table login_refresh_tokens (
  hash       bytea primary key,
  grant_id   text not null references login_grants on delete cascade,
  generation int not null,
  issued_at  timestamptz not null,
  used_at    timestamptz
);
create index login_refresh_tokens_grant on login_refresh_tokens (grant_id, generation);
