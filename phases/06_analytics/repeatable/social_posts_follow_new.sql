create or replace trigger social_posts_follow_new
  after insert on public.social_posts
  for each row
  when (new.status in ('published', 'failed') and new.finished_at > now() - interval '30 days')
  execute function public.follow_post();
comment on trigger social_posts_follow_new on public.social_posts is
  'A post that comes in finished has figures to collect.';
