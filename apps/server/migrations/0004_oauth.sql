-- Social sign-in: a tenant's credentials at identity providers, and one row per attempt to sign in with one.

create table auth_providers (
  tenant_id     text not null references tenants,
  provider      text not null check (provider in ('google', 'apple', 'github', 'facebook')),
  client_id     text not null check (length(client_id) between 1 and 255),
  -- What proves to the provider that it is us: a client secret, or Apple's team key.
  secret_sealed text not null,
  -- { issuer?, baseUrl?, teamId?, keyId? }
  options       jsonb not null default '{}',
  state         text not null default 'active' check (state in ('active', 'disabled')),
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (tenant_id, provider)
);

-- From the click to the session. What a browser carries is kept as a hash; what we must show again is sealed.
create table oauth_flows (
  id               text primary key,
  tenant_id        text not null references tenants,
  paywall_id       text not null references paywalls,
  provider         text not null,
  -- started: sent to the provider. returning: the answer is being checked. returned: a code waits to be
  -- exchanged. exchanged, failed: over.
  state            text not null default 'started' check (state in ('started', 'returning', 'returned', 'exchanged', 'failed')),
  -- Of the state that the provider hands back.
  state_hash       bytea not null unique,
  -- Nonce and PKCE verifier towards the provider.
  secrets_sealed   text not null,
  -- The client's own S256 challenge; whoever exchanges the code must know its verifier.
  code_challenge   text not null,
  -- Where the callback page is: the paywall's host or its mirror.
  return_origin    text not null,
  -- Linking: to whom, and in which session that was asked for.
  link_customer_id text references customers,
  link_session_id  text references sessions,
  code_hash        bytea unique,
  -- What the provider said: { subject, email, emailVerified, name, picture }
  profile_sealed   text,
  created_at       timestamptz not null,
  expires_at       timestamptz not null
);
create index oauth_flows_expiry on oauth_flows (expires_at);

-- The sandbox identity provider plays an outside company: nothing but its own pages reads these tables.

create table sandbox_identity_apps (
  provider     text not null check (provider in ('google', 'apple', 'github', 'facebook')),
  client_id    text not null,
  redirect_uri text not null,
  secret_hash  bytea,
  -- Apple's way: the team's public key instead of a secret.
  team_id      text,
  key_id       text,
  public_jwk   jsonb,
  primary key (provider, client_id)
);

-- Codes, and the access tokens they were exchanged for.
create table sandbox_identity_grants (
  hash       bytea primary key,
  kind       text not null check (kind in ('code', 'token')),
  provider   text not null,
  client_id  text not null,
  request    jsonb not null,
  person     jsonb not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index sandbox_identity_grants_expiry on sandbox_identity_grants (expires_at);

-- Who has agreed to which app before: Apple tells a name only the first time.
create table sandbox_identity_consents (
  provider  text not null,
  client_id text not null,
  subject   text not null,
  primary key (provider, client_id, subject)
);

create table sandbox_identity_keys (
  id             text primary key,
  public_jwk     jsonb not null,
  private_sealed text not null,
  created_at     timestamptz not null
);
