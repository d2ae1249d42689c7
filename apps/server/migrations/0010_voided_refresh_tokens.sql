-- Tokens whose answer was lost: their device has asked again since, so whoever shows one of them is somebody else.
alter table refresh_tokens add column voided_at timestamptz;
