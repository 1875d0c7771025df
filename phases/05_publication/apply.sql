-- Posts, when they are due, and what came of each attempt to publish them.

-- finished_at: when the post became published or failed.
create table public.social_posts (
  id uuid primary key default gen_random_uuid(),
  author_agent text,
  objective text,
  content_text text,
  media_paths text[] not null default '{}',
  target_channels text[] not null default '{}'
    check (target_channels <@ array['whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube']),
  status text not null default 'draft'
    check (status in ('draft', 'scheduled', 'publishing', 'published', 'failed')),
  provider_metadata jsonb not null default '{}',
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.social_schedules (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.social_posts (id) on delete cascade,
  scheduled_at timestamptz not null,
  timezone text not null default 'UTC',
  status text not null default 'scheduled'
    check (status in ('scheduled', 'running', 'published', 'failed', 'canceled')),
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0.02);
create index social_schedules_post on public.social_schedules (post_id);
create index social_schedules_due on public.social_schedules (scheduled_at)
  where status = 'scheduled' and attempts < 5;

create table public.publish_logs (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.social_posts (id) on delete cascade,
  channel text not null check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube')),
  attempt_no integer not null default 1 check (attempt_no >= 1),
  status text not null check (status in ('success', 'error')),
  error_message text,
  provider_response jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index publish_logs_post on public.publish_logs (post_id, channel);

alter table public.social_posts enable row level security;
alter table public.social_schedules enable row level security;
alter table public.publish_logs enable row level security;

revoke all on table public.social_posts, public.social_schedules, public.publish_logs
  from public, anon, authenticated, service_role;
grant select on table public.social_posts, public.social_schedules to authenticated;
grant select on table public.social_posts, public.social_schedules, public.publish_logs to service_role;

create policy social_posts_read on public.social_posts for select to authenticated using (true);
create policy social_schedules_read on public.social_schedules for select to authenticated using (true);

comment on table public.social_posts is 'Posts for the company''s accounts.';
comment on column public.social_posts.finished_at is 'When the post became published or failed.';
comment on table public.social_schedules is 'When a post is due.';
comment on column public.social_schedules.attempts is 'How often running it raised an error; at five it has failed.';
comment on table public.publish_logs is 'What came of publishing a post on a channel.';
