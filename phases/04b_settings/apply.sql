-- Keys and secrets of the application: the server reads them, nobody else.

create table public.app_settings (
  key text primary key,
  value text,
  updated_at timestamptz not null default now()
);

alter table public.app_settings enable row level security;
revoke all on table public.app_settings from public, anon, authenticated, service_role;
grant select on table public.app_settings to service_role;

comment on table public.app_settings is 'Keys and secrets of the application, for service_role alone.';
