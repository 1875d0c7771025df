-- What the providers' webhooks delivered, as it came, and what was made of each message.

create table public.webhook_events (
  id uuid primary key default gen_random_uuid(),
  channel text not null check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube')),
  type text not null check (type in ('message', 'comment')),
  event_id text not null,
  author_id text,
  author_name text,
  content text,
  event_date timestamptz,
  post_id text,
  conversation_id uuid references public.conversations (id) on delete set null,
  raw_payload jsonb not null default '{}',
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  created_at timestamptz not null default now(),
  constraint webhook_events_channel_event_id_key unique (channel, event_id)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index webhook_events_conversation on public.webhook_events (conversation_id)
  where conversation_id is not null;

create table public.message_analysis (
  id uuid primary key default gen_random_uuid(),
  message_id uuid not null references public.messages (id) on delete cascade,
  intent text not null,
  sentiment text not null check (sentiment in ('positive', 'neutral', 'negative')),
  confidence numeric(3, 2) not null check (confidence between 0 and 1),
  needs_escalation boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint message_analysis_message_id_key unique (message_id)
);

alter table public.webhook_events enable row level security;
alter table public.message_analysis enable row level security;

revoke all on table public.webhook_events, public.message_analysis
  from public, anon, authenticated, service_role;
grant select on table public.webhook_events, public.message_analysis to service_role;

comment on table public.webhook_events is 'Events as the providers delivered them, once each.';
comment on column public.webhook_events.attempts is 'How often routing it raised an error; at five it is left alone.';
comment on table public.message_analysis is 'Intent, sentiment and urgency of a message, by rule.';
