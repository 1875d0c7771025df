-- Figures of finished posts, and which of them are to be collected next.

create table public.social_metrics (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.social_posts (id) on delete cascade,
  channel text not null check (channel in ('whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube')),
  impressions bigint not null default 0,
  views bigint not null default 0,
  likes bigint not null default 0,
  comments bigint not null default 0,
  shares bigint not null default 0,
  engagement_rate numeric not null default 0,
  fetched_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index social_metrics_newest on public.social_metrics (post_id, channel, fetched_at desc);

-- One row for each pair whose figures are still wanted; triggers on posts and metrics keep it, so that a
-- run reads what is due and not what was ever published.
create table public.social_metric_targets (
  post_id uuid not null references public.social_posts (id) on delete cascade,
  channel text not null,
  next_due_at timestamptz not null,
  wanted_until timestamptz not null,
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  primary key (post_id, channel)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
create index social_metric_targets_due on public.social_metric_targets (next_due_at) where attempts < 5;

alter table public.social_metrics enable row level security;
alter table public.social_metric_targets enable row level security;

revoke all on table public.social_metrics, public.social_metric_targets
  from public, anon, authenticated, service_role;
grant select on table public.social_metrics to authenticated;
grant select on table public.social_metrics, public.social_metric_targets to service_role;

create policy social_metrics_read on public.social_metrics for select to authenticated using (true);

comment on table public.social_metrics is 'Figures of a post on a channel, as of fetched_at.';
comment on table public.social_metric_targets is
  'Posts and channels whose figures are still wanted, and when they are due next.';
