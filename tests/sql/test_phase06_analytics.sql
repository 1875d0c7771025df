-- phase: 06_analytics
-- A post that finished has its figures collected on each channel, and not again within the hour.
delete from public.social_metric_targets;

insert into public.social_posts (target_channels, status, finished_at)
values
  (array['facebook', 'tiktok'], 'failed', now() - interval '1 day'),
  (array['facebook'], 'published', now() - interval '31 days'),
  (array['facebook'], 'draft', null);

-- name: first run
select public.collect_metrics_stub() as rows;

-- name: a minute later
select public.collect_metrics_stub() as rows;

update public.social_metrics set fetched_at = fetched_at - interval '61 minutes' where fetched_at = now();

-- name: an hour later
select public.collect_metrics_stub() as rows;
