-- What people are shown about where they are signed in: the browser's own word, and the country of the address.
alter table sessions add column user_agent text check (length(user_agent) <= 300);
alter table sessions add column country text;

-- A sign-in with another provider's word may begin at the login service, which has no paywall.
alter table oauth_flows alter column paywall_id drop not null;
