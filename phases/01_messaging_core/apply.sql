-- People, the channels they write on, their conversations and messages, the leads they become, and
-- the company's own accounts. Agents read through policies; nobody but the owner's functions writes.

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  full_name text,
  first_name text,
  last_name text,
  whatsapp_phone text,
  email text,
  locale text,
  country text,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint contacts_whatsapp_phone_key unique (whatsapp_phone),
  constraint contacts_email_key unique (email)
);

create table public.contact_channels (
  id uuid primary key default gen_random_uuid(),
  contact_id uuid not null references public.contacts (id) on delete cascade,
  channel text not null
    check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube', 'webchat', 'other')),
  external_id text not null,
  display_name text,
  is_primary boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint contact_channels_channel_external_id_key unique (channel, external_id)
);
create index contact_channels_contact on public.contact_channels (contact_id);

create table public.conversations (
  id uuid primary key default gen_random_uuid(),
  contact_id uuid not null references public.contacts (id) on delete cascade,
  channel text not null
    check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube', 'webchat')),
  channel_conversation_id text,
  status text not null default 'open' check (status in ('open', 'pending', 'closed', 'archived')),
  subject text,
  last_message_at timestamptz,
  assigned_to uuid,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversations_contact on public.conversations (contact_id);
create index conversations_under_way on public.conversations (contact_id, channel, created_at desc)
  where status in ('open', 'pending');

-- answered_at: when an inbound message got its answer; null while it waits for one.
create table public.messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete set null,
  channel text not null
    check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube', 'webchat')),
  direction text not null check (direction in ('inbound', 'outbound', 'system')),
  message_type text not null default 'text'
    check (message_type in ('text', 'image', 'video', 'audio', 'file', 'event')),
  content_text text,
  media_url text,
  provider_message_id text,
  sent_at timestamptz not null default now(),
  answered_at timestamptz,
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  metadata jsonb not null default '{}'
) with (autovacuum_vacuum_scale_factor = 0.02);
create unique index messages_channel_provider_message_id_key
  on public.messages (channel, provider_message_id) where provider_message_id is not null;
create index messages_conversation on public.messages (conversation_id, sent_at);
create index messages_contact on public.messages (contact_id);
-- A message is answered once: a reply's metadata names what it answers.
create unique index messages_one_reply
  on public.messages ((metadata ->> 'in_reply_to'))
  where direction = 'outbound' and metadata ->> 'in_reply_to' is not null;

create table public.leads (
  id uuid primary key default gen_random_uuid(),
  contact_id uuid not null references public.contacts (id) on delete cascade,
  source_channel text
    check (source_channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube', 'webchat', 'other')),
  source_conversation_id uuid references public.conversations (id) on delete set null,
  status text not null default 'new'
    check (status in ('new', 'contacted', 'qualified', 'won', 'lost', 'disqualified')),
  program_interest text,
  notes text,
  first_contact_at timestamptz,
  last_contact_at timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index leads_contact on public.leads (contact_id);
create index leads_source_conversation on public.leads (source_conversation_id)
  where source_conversation_id is not null;

create table public.social_channels (
  id uuid primary key default gen_random_uuid(),
  channel_type text not null
    check (channel_type in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube')),
  entity text,
  display_name text,
  status text not null default 'active' check (status in ('active', 'suspended', 'expired')),
  provider_metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

alter table public.contacts enable row level security;
alter table public.contact_channels enable row level security;
alter table public.conversations enable row level security;
alter table public.messages enable row level security;
alter table public.leads enable row level security;
alter table public.social_channels enable row level security;

-- By name too: a platform's default privileges may have granted new tables to its API roles.
revoke all on table public.contacts, public.contact_channels, public.conversations, public.messages,
  public.leads, public.social_channels from public, anon, authenticated, service_role;
grant select on table public.conversations, public.messages, public.leads to authenticated;
grant select on table public.contacts, public.contact_channels, public.conversations, public.messages,
  public.leads, public.social_channels to service_role;

create policy conversations_read on public.conversations for select to authenticated using (true);
create policy messages_read on public.messages for select to authenticated using (true);
create policy leads_read on public.leads for select to authenticated using (true);

comment on table public.contacts is 'People who write to the company.';
comment on table public.contact_channels is 'Under which name a contact is known on a channel.';
comment on table public.conversations is 'A thread with one contact on one channel.';
comment on table public.messages is 'What was said, in either direction.';
comment on column public.messages.answered_at is 'When an inbound message got its answer; null while it waits for one.';
comment on column public.messages.attempts is 'How often answering it raised an error; at five it is left alone.';
comment on table public.leads is 'Contacts who may become customers.';
comment on table public.social_channels is 'The company''s own accounts.';
